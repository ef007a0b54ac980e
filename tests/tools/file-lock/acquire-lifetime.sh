#!/bin/sh
# SPDX-License-Identifier: MIT
# The lock that acquire took lives until release, the script's end however it
# ends, or the time to live.
. "${SRCDIR:?}/tests/lib.sh"

unlocked() {
	file-lock status f >status.out
}

# Until release.
id=$(file-lock acquire f)
case $id in
"$PWD/f#"*) ;;
*) fail "the ID is '$id'" ;;
esac
expect 1 file-lock status f
expect 0 file-lock release "$id"
out_is ''
err_is ''
expect 0 file-lock status f
second=$(file-lock acquire f)
[ "$second" != "$id" ] || fail "the same ID again: $id"
expect 0 file-lock release f
expect 0 file-lock status f

# By whatever name the program is called: the old script's, in a script's links.
ln -s "$TOOLS/file-lock" file-lock.sh
id=$(./file-lock.sh acquire f)
expect 0 file-lock release "$id"
id=$(file-lock acquire f)
expect 0 ./file-lock.sh release "$id"
expect 0 file-lock status f
rm file-lock.sh

# Until the script ends: by itself, by an error, by SIGTERM, by SIGKILL.
for end in 'exit 0' 'exit 3' 'kill $$' 'kill -9 $$'; do
	sh -c 'id=$(file-lock acquire f); file-lock status f; '"$end" >out 2>err
	grep -q '^locked by sh (pid ' out || fail "$end: $(cat out err)"
	poll unlocked || fail "held after $end"
done

# Until the time has run out, and release then says so.
id=$(file-lock acquire f --ttl 1h)
expect 1 file-lock status f
expect 0 file-lock release "$id"
id=$(file-lock acquire f --ttl 0.2)
poll unlocked || fail "held after the time to live"
expect 0 file-lock status f --json
out_is '{"lock":"f","status":"unlocked","waiters":0}'
expect 1 file-lock release "$id"
err_has "$id" 'time to live' "lost at 2"
err_lines 1
# The next one is not told of it.
expect 0 file-lock with f -- true
expect 0 file-lock status f --json
out_is "{\"lock\":\"f\",\"status\":\"unlocked\",\"waiters\":0}"
expect 1 file-lock release "$id"
err_has 'is not held'
only f.lock status.out
[ ! -s f.lock ] || fail "f.lock holds $(cat f.lock)"
finish
