#!/bin/sh
# SPDX-License-Identifier: MIT
# -s: readers together, writers alone; the last of -s and -x counts.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo go1 go2
file-lock with -s f -- sh -c ': >held1; read -r word <go1' &
pids="$pids $!"
poll [ -e held1 ] || trouble "with did not start"
expect 0 file-lock with -s f -n -- true
expect 0 file-lock with f --shared --nonblock -- true
expect 75 file-lock with -x f -n -- true
expect 75 file-lock with -s -x f -n -- true
expect 0 file-lock with -x -s f -n -- true
expect 42 file-lock with f -n -E 42 -- true
expect 0 file-lock with f -n --conflict-exit-code=0 -- touch ran
[ ! -e ran ] || fail "the command ran"
expect 75 file-lock acquire f -n
expect 7 file-lock acquire f -n -E 7
# The command's own 75 is its own.
expect 75 file-lock with g -E 3 -- sh -c 'exit 75'
err_is ''
# The record names the first reader, and survives the second's end.
expect 1 file-lock status f
grep -q '^locked by sh (pid ' out || fail "$(cat out)"
file-lock with -s f -- sh -c ': >held2; read -r word <go2' &
pids="$pids $!"
poll [ -e held2 ] || trouble "with did not start"
echo >go1
first_ended() {
	[ "$(grep -c 'PID' f.lock)" -eq 0 ]
}
poll first_ended || fail "f.lock holds $(cat f.lock)"
expect 1 file-lock status f --json
grep -q '"mode":"shared"' out || fail "$(cat out)"
expect 75 file-lock with f -n -- true
err_has 'locked by'
echo >go2
wait
expect 0 file-lock with f -n -- true

# Many readers who come and go at once leave no scraps of records behind.
round=0
while [ $round -lt 3 ] && [ ! -s f.lock ]; do
	i=0
	while [ $i -lt 60 ]; do
		file-lock with -s f --client "$(printf "%0${i}d" 0)" -- true &
		i=$((i + 1))
	done
	wait
	round=$((round + 1))
done
[ ! -s f.lock ] || fail "f.lock holds $(cat f.lock)"
finish
