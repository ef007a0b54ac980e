#!/bin/sh
# SPDX-License-Identifier: MIT
# --jitter only adds: a call comes later by up to so much, never beyond
# --timeout, and takes its token all the same.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --rate 1/d --burst 50
different=
n=0
while [ "$n" -lt 8 ]; do
	n=$((n + 1))
	expect 0 rate-wait limiter --jitter 40ms --json
	ns=$(sed 's/.*"waited_ns":\([0-9]*\).*/\1/' out)
	different="$different $((ns / 1000))"
done
# shellcheck disable=SC2086 # a list of numbers
[ "$(printf '%s\n' $different | sort -u | wc -l)" -gt 1 ] ||
	fail "all came at the same time: $different"
expect 0 rate-wait limiter --jitter 1h --try
expect 0 rate-wait limiter --jitter 1h --timeout 20ms
rate-wait limiter --status >out
grep -q '^default: 39 of 50' out || fail "$(cat out)"
finish
