#!/bin/sh
# SPDX-License-Identifier: MIT
# A penalty makes everybody pause: who comes, and who sleeps already. The
# longest of several counts.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 1000/s --burst 1000
expect 0 rate-wait limiter --penalty 1h
expect 0 rate-wait limiter --penalty 1m
expect 75 rate-wait limiter --try
grep -qE '^3[56][0-9]{2}\.' out || fail "the wait is $(cat out)"

# A sleeper whose slot is near does not leave before the pause ends.
expect 0 rate-wait sleepers --rate 2/s --burst 1
rate-wait sleepers --json >first 2>/dev/null &
waiter=$!
waits() {
	rate-wait sleepers --status --json | grep -q '"waiting":1'
}
poll waits || trouble "nobody waits"
expect 0 rate-wait sleepers --penalty 1.5 --json
end=$(sed 's/.*"paused_ns":\([0-9]*\).*/\1/' out)
[ "$end" -gt 1000000000 ] || fail "paused for $end ns"
wait "$waiter" || fail "status $?"
waited=$(sed 's/.*"waited_ns":\([0-9]*\).*/\1/' first)
[ "$waited" -ge 1500000000 ] || fail "it waited only $waited ns"
finish
