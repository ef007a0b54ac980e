#!/bin/sh
# SPDX-License-Identifier: MIT
# --reset fills the buckets, ends a pause and keeps the limits; it does not
# write over a large file that is no STATE.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 2/d --burst 2 -n 2
expect 0 rate-wait limiter --penalty 1h
expect 0 rate-wait limiter --reset
expect 0 rate-wait limiter --try -n 2
expect 75 rate-wait limiter --try
# With other limits, without --set.
expect 0 rate-wait limiter --reset --rate 7/d --burst 7 --json
grep -q '"rate":"7/d","burst":7,"available":7' out || fail "it is $(cat out)"

head -c 5000 /dev/zero >precious
cp precious before
expect 1 rate-wait precious --reset
err_has 'too large to be a damaged one'
cmp -s precious before || fail "a foreign file was overwritten"
only limiter precious before
finish
