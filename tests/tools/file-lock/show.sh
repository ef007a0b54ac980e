#!/bin/sh
# SPDX-License-Identifier: MIT
# show and status: who holds what, since when, who waits; for people in the form
# of the old script, and as JSON.
. "${SRCDIR:?}/tests/lib.sh"

mkdir -p tree/deep tree/.git other
: >tree/.git/index.lock
expect 0 file-lock show tree
out_is "Current locks in: $PWD/tree"
expect 0 file-lock show tree --json
out_is ''
expect 0 file-lock status tree/deep/f
out_is unlocked
expect 0 file-lock status tree/deep/f --json
out_is '{"lock":"tree/deep/f","status":"unlocked","waiters":0}'
only tree other

mkfifo go
file-lock with tree/deep/f --client 'me "too"' -- sh -c 'echo $$ >held.new
	mv held.new held; read -r word <go' &
holder=$!
pids="$pids $holder"
poll [ -e held ] || trouble "with did not start"
lock=$PWD/tree/deep/f.lock
since=$(sed -n 's/^ACQUIRED: //p' "$lock")
case $since in
20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z) ;;
*) fail "since '$since'" ;;
esac

# timeless FILE: what it shows, but for how long that is held.
timeless() {
	sed 's/HELD: [0-9]* s/HELD: N s/' "$1"
}
expect 0 file-lock show tree
[ "$(timeless out)" = "Current locks in: $PWD/tree

Lock: $lock
  Info:
    PID: $holder
    ACQUIRED: $since
    HOSTNAME: $(uname -n)
    CLIENT: me \"too\"
    COMMAND: sh
    HELD: N s
  Status: ACTIVE (process $holder is running)" ] || fail "$(cat out)"
cp out shown
expect 0 file-lock show tree/deep/f
[ "$(timeless out | sed 1d)" = "$(timeless shown | sed 1d)" ] || fail "show FILE: $(cat out)"
expect 0 file-lock show tree/deep/f.lock
[ "$(timeless out | sed 1d)" = "$(timeless shown | sed 1d)" ] || fail "show LOCK: $(cat out)"
# The tree without an operand.
AICONFIG_PATH=$PWD/tree expect 0 file-lock show
[ "$(timeless out)" = "$(timeless shown)" ] ||
	fail "with AICONFIG_PATH: $(cat out)"
(cd tree && HOME=/nonexistent file-lock show) >out
grep -qxF "Current locks in: $PWD/tree" out || fail "in HOME's lack: $(cat out)"
expect 0 file-lock show other tree --json
[ "$(sed 's/"held_seconds":[0-9]*/"held_seconds":N/' out)" = "{\"lock\":\"$lock\",\
\"status\":\"active\",\"pid\":$holder,\"acquired\":\"$since\",\
\"hostname\":\"$(uname -n)\",\"client\":\"me \\\"too\\\"\",\"command\":\"sh\",\
\"mode\":\"exclusive\",\"held_seconds\":N,\"waiters\":0}" ] || fail "$(cat out)"
expect 1 file-lock status tree/deep/f
out_is "locked by sh (pid $holder, client me \"too\") since $since"

# Those who wait are counted, readers and writers.
for kind in -x -s -x -x -s; do
	file-lock with tree/deep/f "$kind" -- true 2>/dev/null &
	pids="$pids $!"
done
five() {
	file-lock status tree/deep/f --json | grep -q '"waiters":5}'
}
poll five || fail "not five: $(file-lock show tree)"
expect 0 file-lock show tree
grep -qx '    WAITERS: 5' out || fail "$(cat out)"
echo >go
wait

# What is not there, is no directory, or cannot be read.
expect 3 file-lock show missing
err_has missing
expect 3 file-lock status missing/f
expect 2 file-lock status
expect 2 file-lock status a b
expect 2 file-lock show --watch=1
expect 2 file-lock show --slots 2
# Nothing was changed by looking.
[ ! -s tree/deep/f.lock ] || fail "f.lock holds $(cat tree/deep/f.lock)"
[ "$(find tree -name '*.lock' | wc -l)" -eq 2 ] || fail "made a lock file"
finish
