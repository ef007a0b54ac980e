#!/bin/sh
# SPDX-License-Identifier: MIT
# Who sleeps keeps its slot though somebody changes the limits meanwhile, by
# --set or --reset, and does not change them back.
. "${SRCDIR:?}/tests/lib.sh"

waits() {
	rate-wait limiter --status --json | grep -q '"waiting":1,'
}
# sleeper OPTION...: one that waits, as $sleeper.
sleeper() {
	rate-wait limiter --rate 0.5/s --burst 1 "$@" 2>said &
	sleeper=$!
	pids="$pids $sleeper"
	poll waits || trouble "nobody waits: $(cat said)"
}
expect 0 rate-wait limiter --rate 0.5/s --burst 1
sleeper
expect 0 rate-wait limiter --set --rate 1/s --burst 2 --status
wait "$sleeper" || fail "status $?: $(cat said)"

expect 0 rate-wait limiter --reset --rate 0.5/s --burst 1
expect 0 rate-wait limiter
sleeper --set
expect 0 rate-wait limiter --set --rate 1/s --status
wait "$sleeper" || fail "with --set: status $?: $(cat said)"
expect 0 rate-wait limiter --status
grep -q ', 1/s, ' out || fail "changed back: $(cat out)"

# That it can never be granted now is an error, and its slot goes back.
expect 0 rate-wait limiter --reset --rate 0.5/s --burst 2
expect 0 rate-wait limiter -n 2
rate-wait limiter -n 2 2>said &
sleeper=$!
pids="$pids $sleeper"
poll waits || trouble "nobody waits: $(cat said)"
expect 0 rate-wait limiter --set --rate 4/s --burst 1 --status
status=0
wait "$sleeper" || status=$?
[ "$status" -eq 2 ] || fail "more than the burst: status $status"
grep -q 'can never be granted' said || fail "$(cat said)"
finish
