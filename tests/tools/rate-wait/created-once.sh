#!/bin/sh
# SPDX-License-Identifier: MIT
# Twenty processes that find no STATE make one: together they get one burst.
. "${SRCDIR:?}/tests/lib.sh"

for round in 1 2 3; do
	rm -f limiter granted
	workers=
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		(rate-wait limiter --rate 1/d --burst 7 --try >/dev/null 2>&1 &&
			echo "$n" >>granted) &
		workers="$workers $!"
	done
	# shellcheck disable=SC2086 # a list of numbers
	wait $workers
	[ "$(wc -l <granted)" -eq 7 ] ||
		fail "round $round: $(wc -l <granted) granted"
	only limiter granted
done
finish
