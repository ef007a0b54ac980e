#!/bin/sh
# SPDX-License-Identifier: MIT
# On a terminal a wait of over a second is a line that counts down and is gone
# in the end.
. "${SRCDIR:?}/tests/lib.sh"
need script

expect 0 rate-wait limiter --rate 0.25/s --burst 1
script -qec 'rate-wait limiter' typescript </dev/null >out 2>&1 ||
	skip "script cannot run it: $(cat out)"
grep -q 'rate-wait: [2-4] s to go, place 1 in the queue' out ||
	fail "it does not say how long: $(cat out)"
grep -q 'rate-wait: 1 s to go' out || fail "it does not count: $(cat out)"
[ "$(tr '\r' '\n' <out | sed -n '$p' | tr -d '\033')" = '[K' ] ||
	fail "the line stays: $(cat out)"
grep -q 'waiting' out && fail "the line for files was written as well"
finish
