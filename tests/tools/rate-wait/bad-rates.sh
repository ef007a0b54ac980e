#!/bin/sh
# SPDX-License-Identifier: MIT
# A rate, burst or number that makes no sense is misuse, and makes no STATE.
. "${SRCDIR:?}/tests/lib.sh"

# refused WORD ARG...: misuse, whose message has WORD; STATE is not made.
refused() {
	word=$1
	shift
	expect 2 rate-wait limiter "$@"
	err_has "$word" "Try 'rate-wait --help'"
	err_lines 2
	out_is ''
	only out err
}

for rate in 0 0/s -3 -3/s NaN nan inf 3/fortnight 3/ /s '' 1e3 ' 3' 3. 3:5; do
	refused "--rate: '$rate' is not a rate above 0" --rate "$rate"
	refused "--limit: '$rate' is not a rate above 0" --limit "rpm=$rate"
done
refused 'too high' --rate 1000000001/s
refused 'too high' --rate 99999999999999999999
refused 'too low' --rate 0.00000000001/d
for burst in 0 -1 1.5 '' x 1000000001 99999999999999999999; do
	refused "--burst: '$burst' is not a number" --burst "$burst"
	refused "limit burst: '$burst'" --limit "rpm=3,burst=$burst"
done
refused 'takes too long' --rate 0.001/d --burst 1000000000
for tokens in 0 -1 1.5 '' x; do
	refused "--tokens: '$tokens' is not a number" -n "$tokens"
done
for duration in -1 nonsense 1y ''; do
	for option in --timeout --jitter --penalty; do
		refused "$option: '$duration' is not a duration" \
			"$option" "$duration"
	done
done
refused "'inf' is not a duration" --penalty inf
LOCK_TIMEOUT=soon
export LOCK_TIMEOUT
refused "LOCK_TIMEOUT: 'soon' is not a duration"
finish
