#!/bin/sh
# SPDX-License-Identifier: MIT
# Lock files of other users, directories that cannot be written, and sticky ones
# that all can write.
. "${SRCDIR:?}/tests/lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can be two users"
as_other true 2>err || skip "setpriv: $(cat err)"

# Readable, another's, in a directory that is closed: it locks all the same,
# and keeps both out.
mkdir closed
chmod 755 closed
: >closed/f
: >closed/f.lock
chmod 644 closed/f closed/f.lock
expect 0 as_other file-lock with closed/f --timeout 0 -- true
mkfifo go
chmod 666 go
file-lock with closed/f -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
expect 75 as_other file-lock with closed/f --timeout 0 -- true
err_has 'closed/f: locked by sh'
expect 1 as_other file-lock status closed/f
grep -q '^locked by sh (pid ' out || fail "$(cat out)"
expect 0 as_other file-lock show closed
grep -q 'COMMAND: sh' out || fail "$(cat out)"
echo >go
wait
as_other file-lock with closed/f -- sh -c 'echo; read -r word' <go >started &
pids="$pids $!"
exec 9>go
poll [ -s started ] || trouble "with did not start"
expect 75 file-lock with closed/f --timeout 0 -- true
err_has 'closed/f: locked by file-lock (pid '
echo >&9
exec 9>&-
wait
[ ! -s closed/f.lock ] || fail "f.lock holds $(cat closed/f.lock)"
# Shared and nested, too; and acquired.
expect 0 as_other file-lock with -s closed/f -- \
	file-lock with -s closed/f --timeout 0 -- true
expect 0 as_other file-lock with closed/f -- \
	file-lock with closed/f --timeout 0 -- true
expect 0 as_other sh -c 'id=$(file-lock acquire closed/f) &&
	file-lock status closed/f >/dev/null; [ $? -eq 1 ] &&
	file-lock release "$id"'

# Called by a shell of root's, for which it holds.
id=$(exec setpriv --reuid=65534 --regid=65534 --clear-groups \
	file-lock acquire closed/f) || fail "acquire for root's shell"
expect 1 file-lock status closed/f
expect 0 as_other file-lock release "$id"

# Not there and not to be made: refused, with the way out; reading goes on.
echo '{"a": 1}' >closed/g
chmod 644 closed/g
expect 125 as_other file-lock with closed/g -- true
err_has closed/g.lock --lock-file
err_lines 1
expect 1 as_other file-lock acquire closed/g
err_has closed/g.lock --lock-file
expect 0 as_other memory-read closed/g
expect 0 as_other file-lock status closed/g
out_is unlocked
mkdir open
chmod 777 open
expect 0 as_other file-lock with closed/g --lock-file open/g.lock -- true
# Not to be opened at all.
: >closed/h
: >closed/h.lock
chmod 600 closed/h.lock
expect 125 as_other file-lock with closed/h -- true
err_has closed/h.lock --lock-file
err_lines 1

# A sticky directory that all can write, with what Linux protects in it.
mkdir sticky
chmod 1777 sticky
protected=/proc/sys/fs/protected_regular
before=$(cat "$protected" 2>/dev/null)
restore() {
	[ ! "$before" ] || echo "$before" >"$protected"
}
trap 'restore 2>/dev/null; clean_up' EXIT
if ! echo 2 2>/dev/null >"$protected"; then
	note "fs.protected_regular cannot be set"
	before=
fi
expect 0 file-lock with sticky/root -- true
expect 0 as_other file-lock with sticky/root --timeout 0 -- true
expect 0 as_other file-lock with sticky/other -- true
expect 0 file-lock with sticky/other --timeout 0 -- true
echo 0 >sticky/n
expect 0 file-lock with sticky/n -- memory-update sticky/n '. += 1'
expect 0 as_other file-lock with sticky/n -- true
restore
# What was made for root's file can be opened by whoever can open that.
: >open/private
chmod 600 open/private
expect 0 file-lock with open/private -- true
[ "$(stat -c %a:%u open/private.lock)" = 600:0 ] ||
	fail "$(stat -c %a:%u open/private.lock)"
finish
