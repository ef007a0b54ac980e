#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 2: five readers during a hundred updates; every read succeeds.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash jq
link_scripts scripts

expect 0 bash "$SRCDIR/examples/concurrent-read-write"
err_is ''
[ "$(tail -n 1 out)" = 'Final counter: 100' ] || fail "$(tail -n 1 out)"
odd=$(grep -v -e '^Reader [1-5]: [0-9][0-9]*$' -e '^Final counter: ' out)
[ -z "$odd" ] || fail "a read went wrong: $odd"
for reader in 1 2 3 4 5; do
	sed -n "s/^Reader $reader: //p" out >seen
	[ -s seen ] || fail "reader $reader read nothing"
	sort -n seen | cmp -s - seen || fail "reader $reader saw time run back"
done
finish
