#!/bin/sh
# SPDX-License-Identifier: MIT
# A waiter that TERM, INT or HUP interrupts gives its slot back, if it is the
# last, and dies of that signal.
. "${SRCDIR:?}/tests/lib.sh"

waiting() {
	rate-wait limiter --status --json | grep -q "\"waiting\":$1,"
}

next() {
	rate-wait limiter --status --json | sed 's/.*"wait_ns":\([0-9]*\).*/\1/'
}

# wait_for PID: its status, without the shell's word about it.
wait_for() {
	status=0
	wait "$1" 2>/dev/null || status=$?
}

expect 0 rate-wait limiter --rate 1/h --burst 1
for signal in TERM:143 HUP:129 INT:130; do
	[ "$signal" = INT:130 ] || ! signal_ignored "${signal%:*}" || continue
	# Where the test was started with a signal ignored, it stays so.
	rate-wait limiter 2>/dev/null -- touch granted &
	pid=$!
	pids="$pids $pid"
	poll waiting 1 || trouble "it does not wait"
	[ "$(next)" -gt 3600000000000 ] || fail "nothing is reserved"
	kill -"${signal%:*}" "$pid"
	if [ "${signal%:*}" = INT ]; then
		# Shells start background commands with INT ignored.
		kill -TERM "$pid"
		wait_for "$pid"
		[ "$status" -eq 143 ] || fail "ignored INT: status $status"
	else
		wait_for "$pid"
		[ "$status" -eq "${signal#*:}" ] ||
			fail "${signal%:*}: status $status"
	fi
	[ "$(next)" -le 3600000000000 ] || fail "the slot was not given back"
	poll waiting 0 || fail "it still counts as waiting"
done

# Not the last: its tokens are gone, the other's slot stays.
rate-wait limiter 2>/dev/null &
first=$!
poll waiting 1 || trouble "it does not wait"
rate-wait limiter 2>/dev/null &
second=$!
pids="$pids $first $second"
poll waiting 2 || trouble "they do not wait"
kill -TERM "$first"
wait_for "$first"
[ "$(next)" -gt 7200000000000 ] || fail "a slot in the middle was given away"
kill -TERM "$second"
wait_for "$second"
[ "$(next)" -le 7200000000000 ] || fail "the last was not given back"
[ ! -e granted ] || fail "granted"
finish
