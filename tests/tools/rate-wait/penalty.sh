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
departure() {
	sed -n 's/.*"departure_ns":\([0-9]*\).*/\1/p' "$1"
}
expect 0 rate-wait sleepers --rate 0.5/s --burst 1 --json
begin=$(departure out)
rate-wait sleepers --json >first 2>/dev/null &
waiter=$!
waits() {
	rate-wait sleepers --status --json | grep -q '"waiting":1'
}
poll waits || trouble "nobody waits"
expect 0 rate-wait sleepers --penalty 1.5
wait "$waiter" || fail "status $?"
# Two seconds after the first was its time, and the pause came on top of that.
ns=$(($(departure first) - begin))
[ "$ns" -ge 3500000000 ] || fail "it left after only $ns ns"
finish
