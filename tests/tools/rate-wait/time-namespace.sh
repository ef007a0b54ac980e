#!/bin/sh
# SPDX-License-Identifier: MIT
# In a time namespace, whose clock is a day ahead, the limit is the same: no
# token more, no wait longer.
. "${SRCDIR:?}/tests/lib.sh"
need unshare

# Whoever is not root may have one inside a user namespace of his own.
for options in -T -rT none; do
	unshare "$options" --boottime 86400 true 2>/dev/null && break
done
[ "$options" != none ] || skip "time namespaces are not allowed here"
there() {
	unshare "$options" --boottime 86400 "$@"
}

# wait_ns COMMAND...: what a call would wait.
wait_ns() {
	"$@" rate-wait limiter --status --json |
		sed 's/.*"wait_ns":\([0-9]*\).*/\1/'
}

for made in env there; do
	rm -f limiter
	expect 0 "$made" rate-wait limiter --rate 1/h --burst 2 -n 2
	for place in env there env there; do
		expect 75 "$place" rate-wait limiter --try
		ns=$(wait_ns "$place")
		[ $((ns / 100000000000)) -eq 35 ] ||
			fail "made by $made, $place: $ns ns"
	done
done
expect 0 rate-wait quick --rate 10/s --burst 1
expect 0 there rate-wait quick -t 5
expect 0 rate-wait quick -t 5
finish
