#!/bin/sh
# SPDX-License-Identifier: MIT
# --json: one object a line for what was granted, before what COMMAND prints;
# a result that cannot be printed is 4, as the token is taken.
. "${SRCDIR:?}/tests/lib.sh"

pattern='^\{"granted":true,"departure_ns":[0-9]+,"waited_ns":0,'
pattern=$pattern'"tokens":\{"rpm":1,"tpm":7\}\}$'
set -- rate-wait limiter --limit rpm=9/d --limit tpm=9/d,burst=99 --json
expect 0 "$@" --cost tpm=7
grep -qE "$pattern" out || fail "it printed $(cat out)"
expect 0 "$@" --cost tpm=7 -- echo hello
[ "$(sed -n 1p out | grep -cE "$pattern")" -eq 1 ] || fail "$(cat out)"
[ "$(sed -n '2,$p' out)" = hello ] || fail "$(cat out)"
for action in '--penalty 0' '--refund 1' --reset --status; do
	# shellcheck disable=SC2086 # option and value are two words
	expect 0 rate-wait limiter --json $action
	grep -q '^{"limits":\[{"name":"rpm","rate":"9/d","burst":5,' out ||
		fail "$action: $(cat out)"
done
if [ -c /dev/full ]; then
	status=0
	rate-wait limiter --json >/dev/full 2>err || status=$?
	[ "$status" -eq 4 ] || fail "status $status"
	err_has 'rate-wait: standard output: No space left'
	status=0
	rate-wait limiter --json -- touch ran >/dev/full 2>err || status=$?
	[ "$status" -eq 125 ] || fail "status $status"
	[ ! -e ran ] || fail "COMMAND ran without its line"
	status=0
	rate-wait limiter --status >/dev/full 2>err || status=$?
	[ "$status" -eq 1 ] || fail "status $status"
fi
finish
