#!/bin/sh
# SPDX-License-Identifier: MIT
# A wait of over a second is told in one line, with the place in the queue; a
# shorter one is silent.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 20/s --burst 1
expect 0 rate-wait limiter
err_is ''
expect 0 rate-wait slow --rate 0.25/s --burst 1
expect 0 rate-wait slow
err_lines 1
grep -qE '^rate-wait: slow: waiting [123]\.[0-9]{3} s, place 1 in the queue$' err ||
	fail "it says $(cat err)"
finish
