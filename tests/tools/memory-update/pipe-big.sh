#!/bin/sh
# SPDX-License-Identifier: MIT
# More than a pipe holds flows both ways at once.
. "${SRCDIR:?}/tests/lib.sh"

{
	printf '["'
	head -c 3000000 /dev/zero | tr '\0' x
	printf '"]\n'
} >f.json
cp f.json before
expect 0 memory-update f.json -c --pipe -- cat
cmp -s f.json before || fail "cat changed it"
expect 0 memory-update f.json -c --pipe -- sh -c 'head -c 10 >/dev/null; cat before'
cmp -s f.json before || fail "not what the command printed"
finish
