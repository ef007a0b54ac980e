#!/bin/sh
# SPDX-License-Identifier: MIT
# A holder of a slot that is killed, wrapper and command, leaks none; with the
# wrapper alone killed the command keeps it. Nor does a waiter that is killed
# take one along.
. "${SRCDIR:?}/tests/lib.sh"

free() {
	file-lock with f -j 2 --timeout 0 -- file-lock with g -j 1 --timeout 0 \
		-- true 2>/dev/null
}
# hold N: $wrapper and $command hold a slot of f.
hold() {
	rm -f "command$1"
	file-lock with f -j 2 -- sh -c 'echo $$ >new; mv new "$1"
		while :; do sleep 0.02; done' sh "command$1" &
	wrapper=$!
	poll [ -e "command$1" ] || trouble "with did not start"
	read -r command <"command$1"
	pids="$pids $wrapper $command"
}

round=0
while [ $round -lt 5 ]; do
	hold 1
	wrapper1=$wrapper command1=$command
	hold 2
	kill -9 "$wrapper" "$wrapper1"
	expect 75 file-lock with f -j 2 --timeout 0 -- true
	# One waits, one that waited is killed.
	file-lock with f -j 2 -- true &
	waiter=$!
	file-lock with f -j 2 -- true &
	victim=$!
	pids="$pids $waiter $victim"
	kill -9 "$victim"
	kill -9 "$command"
	wait "$waiter" || fail "the waiter did not get the slot: $?"
	poll free || fail "round $round: no slot is free"
	kill -9 "$command1"
	expect 0 file-lock with f --timeout 5 -- true
	round=$((round + 1))
done
[ -z "$(file-lock show --json)" ] || fail "$(file-lock show)"
finish
