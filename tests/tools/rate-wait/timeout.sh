#!/bin/sh
# SPDX-License-Identifier: MIT
# A wait longer than --timeout is refused at once, with nothing taken; the wait
# is printed, as JSON with --json, and not where stdout is COMMAND's.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 1/h --burst 1
cp limiter before
expect 75 rate-wait limiter --timeout 59m
grep -qxE '3[56][0-9]{2}\.[0-9]{3}' out || fail "it printed $(cat out)"
err_has 'no token within 3540.000 s: the wait would be 3'
expect 75 rate-wait limiter -t 1 --json
grep -qxE '\{"granted":false,"wait":3[0-9.]*,"wait_ns":3[0-9]{12}\}' out ||
	fail "it printed $(cat out)"
expect 75 rate-wait limiter --try -- touch granted
out_is ''
[ ! -e granted ] || fail "COMMAND ran"
expect 75 rate-wait limiter -t 1 --jitter 1h
cmp -s limiter before || fail "STATE has changed"
# In time: it waits.
expect 0 rate-wait quick --rate 20/s --burst 1
expect 0 rate-wait quick -t 5
finish
