#!/bin/sh
# SPDX-License-Identifier: MIT
# A new STATE has 5 tokens and 3 a second; a call with none left is refused by
# --try, which prints how long the wait would have been.
. "${SRCDIR:?}/tests/lib.sh"

for n in 1 2 3 4 5; do
	expect 0 rate-wait limiter || fail "token $n"
	out_is ''
	err_is ''
done
# Rewriting it as 5/d keeps what is missing: nothing comes back meanwhile.
expect 0 rate-wait limiter --rate 1/d --set --status
expect 75 rate-wait limiter --try
grep -qxE '(8639[0-9]|86400)\.[0-9]{3}' out || fail "it printed $(cat out)"
err_has 'rate-wait: limiter: no token within 0.000 s'
err_lines 1
only limiter
finish
