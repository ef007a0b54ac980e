#!/bin/sh
# SPDX-License-Identifier: MIT
# With many processes at once no window of time is granted more than burst plus
# rate times its length. RATE_SECONDS=10 (make check-rate) runs it long enough to
# ask as well that nearly all of the rate was granted.
. "${SRCDIR:?}/tests/lib.sh"

stress=$TOOLS/tests/helpers/rate_stress
[ -x "$stress" ] || trouble "$stress is not built"
seconds=${RATE_SECONDS:-1}
processes=${RATE_PROCESSES:-20}

# claim RATE BURST LOW HIGH: many callers, each for LOW to HIGH tokens a time.
claim() {
	rm -f limiter
	expect 0 "$stress" limiter "$1" "$2" "$seconds" "$processes" "$3" "$4"
	note "$1, burst $2: $(cat out)"
	[ -n "${RATE_SECONDS-}" ] || return 0
	sed -n 's/.*: \([0-9]*\)\.[0-9]* % of.*/\1/p' out >percent
	[ "$(cat percent)" -ge 98 ] || fail "$1: only $(cat percent) %"
}

claim 3/s 5 1 1
claim 100/s 1 1 1
claim 5000/s 50 10 10
claim 90000/m 9000 1 4000
finish
