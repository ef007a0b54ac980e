#!/bin/sh
# SPDX-License-Identifier: MIT
# A wait of over a second says once who holds the lock; a shorter one says
# nothing; the deadline says it again.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo go
file-lock with f --client cursor -- sh -c ': >held; read -r word <go' &
holder=$!
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
since=$(sed -n 's/^ACQUIRED: //p' f.lock)
who="locked by sh (pid $holder, client cursor) since $since"

expect 75 file-lock with f --timeout 0.3 -- true
err_is "file-lock: f: $who"
# Long enough for the helper to have its say on a loaded machine.
waiters=
for kind in -x -s -j2; do
	file-lock with f "$kind" --timeout 3 -- true 2>"said$kind" &
	waiters="$waiters $!"
	pids="$pids $!"
done
for waiter in $waiters; do
	status=0
	wait "$waiter" || status=$?
	[ "$status" -eq 75 ] || fail "a waiter's status: $status"
done
for kind in -x -s -j2; do
	same "said$kind" "file-lock: f: waiting: $who
file-lock: f: $who"
done

# One who gets it after having said so; and one who waits for two files.
file-lock with f g -- true 2>said &
waiter=$!
poll grep -q waiting said || fail "no word of waiting"
echo >go
wait "$waiter" || fail "the waiter failed"
same said "file-lock: f: waiting: $who"

# Where the lock is that the file exists; and where a writer inside waits for
# its sibling.
echo 1 >h.lock
expect 75 file-lock with h --timeout 0.3 -- true
err_has 'h: locked by' 'the lock file exists'
err_lines 1
expect 75 file-lock with h --timeout 3 -- true
err_has 'h: waiting: locked by' 'h: locked by'
err_lines 2
echo 0 >n
rm -f held
file-lock with n -- sh -c '
	memory-update n --pipe -- sh -c ": >held; read -r word <go; cat" &
	until [ -e held ]; do sleep 0.01; done
	memory-update n ". += 1" --timeout 3
	echo $?
	echo >go
	wait' >out 2>err
out_is 75
err_has 'n: waiting: locked by sh (pid'
err_lines 2
finish
