#!/bin/sh
# SPDX-License-Identifier: MIT
# release of what is not to be released: status 1 and one line that says why.
. "${SRCDIR:?}/tests/lib.sh"

refused() {
	expect 1 file-lock release "$1"
	err_lines 1
	shift
	err_has "$@"
}

: >data
refused data 'data: is not locked'
refused none 'none: is not locked'
echo 'mine: all mine' >data.lock
refused data 'data: is not locked'
same data.lock 'mine: all mine'
refused data.lock 'is not locked'
refused '/etc/passwd#12' 'is not locked'
expect 3 file-lock release missing/f
err_lines 1
expect 2 file-lock release
expect 2 file-lock release a b

# Twice.
id=$(file-lock acquire f)
expect 0 file-lock release "$id"
refused "$id" 'is not held'
# While somebody else has it.
mkfifo go
file-lock with f -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
refused "$id" 'is not held' 'now with sh (pid'
refused f 'not by acquire' 'locked by sh (pid'
expect 1 file-lock status f
echo >go
wait

# Of a keeper that was killed: it says what became of it.
id=$(file-lock acquire f)
pid=$(sed -n 's/^PID: //p' f.lock)
kill -9 "$pid"
dead() {
	! kill -0 "$pid" 2>/dev/null || grep -q '^State:.Z' "/proc/$pid/status"
}
poll dead || fail "the keeper lives"
refused "$id" 'is not held' "process $pid, was killed"

# Another shell's: only with --force.
sleep 60 &
pids="$pids $!"
id=$(file-lock acquire f --owner $!)
refused "$id" "is held for process $!" --force
refused f "is held for process $!" --force
expect 1 file-lock status f
expect 0 file-lock release "$id" --force
expect 0 file-lock status f

# An ID names a keeper: it is no way to end other processes.
sleep 60 &
pids="$pids $!"
start=$(awk '{ print $22 }' "/proc/$!/stat")
refused "$(printf '%s#%d%07d%07d' "$PWD/f" "$start" $! $$)" 'is not held'
kill -0 $! || fail "release ended a stranger"
finish
