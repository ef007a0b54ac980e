#!/bin/sh
# SPDX-License-Identifier: MIT
# --set changes what STATE records, grants no second burst, and is not needed
# for what is as it was.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 3/d --burst 3 -n 3
expect 2 rate-wait limiter --rate 4/d
expect 0 rate-wait limiter --rate 4/d --set --status
grep -q '^default: 0 of 3 tokens available, 4/d' out || fail "$(cat out)"
expect 75 rate-wait limiter --try
# Also where the call itself is refused.
expect 75 rate-wait limiter --try --set --burst 4 -n 4
expect 0 rate-wait limiter --status --burst 4 --rate 4/d
grep -q '^default: 1 of 4 tokens available, 4/d' out || fail "$(cat out)"
expect 0 rate-wait limiter --set --limit rpm=1/h,burst=2 --try
expect 0 rate-wait limiter --status
grep -q '^rpm: 1 of 2 tokens' out || fail "$(cat out)"
finish
