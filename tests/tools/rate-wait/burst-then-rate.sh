#!/bin/sh
# SPDX-License-Identifier: MIT
# A new STATE has 5 tokens and 3 a second; a call with none left is refused by
# --try, which prints how long the wait would have been.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter
out_is ''
err_is ''
expect 0 rate-wait limiter --status --json
grep -q '"rate":"3/s","burst":5,' out || fail "it is $(cat out)"
# At 1/d nothing comes back while the test runs.
expect 0 rate-wait limiter --reset --rate 1/d
for n in 1 2 3 4 5; do
	expect 0 rate-wait limiter --try || fail "token $n"
done
expect 75 rate-wait limiter --try
grep -qxE '86[34][0-9]{2}\.[0-9]{3}' out || fail "it printed $(cat out)"
err_has 'rate-wait: limiter: no token within 0.000 s'
err_lines 1
only limiter
finish
