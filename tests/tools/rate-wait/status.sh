#!/bin/sh
# SPDX-License-Identifier: MIT
# --status tells what there is, takes nothing and makes nothing.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --status
grep -qx 'default: 5 of 5 tokens available, 3/s, next in 0.000 s' out ||
	fail "it says $(cat out)"
only out err
expect 0 rate-wait limiter --rate 2/d --burst 4 -n 3
cp limiter before
expect 0 rate-wait limiter --status
grep -qx 'default: 1 of 4 tokens available, 2/d, next in 0.000 s' out ||
	fail "it says $(cat out)"
grep -qx 'waiting: 0, paused for 0.000 s; a call now would wait 0.000 s' out ||
	fail "it says $(cat out)"
expect 0 rate-wait limiter --status -n 2
grep -qE 'a call now would wait 4(31|32)[0-9]{2}\.' out ||
	fail "it says $(cat out)"
expect 0 rate-wait limiter --status --json
grep -qE '^\{"limits":\[\{"name":"default","rate":"2/d","burst":4,'\
'"available":1,"next_ns":0\}\],"waiting":0,"paused_ns":0,"wait_ns":0\}$' out ||
	fail "it says $(cat out)"
cmp -s limiter before || fail "STATE has changed"
finish
