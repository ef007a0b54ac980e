#!/bin/sh
# SPDX-License-Identifier: MIT
# What a shell does under the lock that it has by acquire is nested also where
# the lock file does not say so: its content is somebody's data, or somebody has
# emptied it, as Python's filelock does at every attempt; or another reader's
# name stands in it.
. "${SRCDIR:?}/tests/lib.sh"
[ -r /proc/locks ] || skip "no /proc/locks"
LOCK_TIMEOUT=0
export LOCK_TIMEOUT

echo 0 >f
echo "somebody's data" >f.lock
id=$(file-lock acquire f) || fail "acquire failed"
expect 0 memory-update f '. += 1'
expect 0 file-lock with f -- true
expect 0 file-lock release "$id"
same f 1
same f.lock "somebody's data"

rm f.lock
id=$(file-lock acquire f) || fail "acquire failed"
: >f.lock
expect 0 memory-update f '. += 1'
same f 2
# Who was there before is kept out,
# though it descends from the owner and finds the keeper.
expect 0 file-lock release "$id"
mkfifo go
(
	cat go >/dev/null
	file-lock with f -- true 2>/dev/null
	echo $? >said
) &
pids="$pids $!"
id=$(file-lock acquire f) || fail "acquire failed"
: >f.lock
echo >go
poll [ -s said ] || fail "the loop did not try"
same said 75
expect 0 file-lock release "$id"

# Two readers: the first's record stands there.
mkfifo end
file-lock with -s f -- sh -c ': >held; read -r word <end' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
id=$(file-lock acquire -s f) || fail "acquire -s failed"
expect 1 memory-update f '. += 1'
err_has 'locked shared around this command'
expect 0 file-lock release "$id"
echo >end
wait
finish
