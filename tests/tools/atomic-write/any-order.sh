#!/bin/sh
# SPDX-License-Identifier: MIT
# Options and operands in any order, whatever POSIXLY_CORRECT says; --lock is
# what happens anyway; -v speaks on standard error only.
. "${SRCDIR:?}/tests/lib.sh"

for correct in '' 1; do
	[ -z "$correct" ] || export POSIXLY_CORRECT=1
	expect 0 atomic-write --content one f --backup
	expect 0 atomic-write f --content=two --lock
	expect 0 atomic-write --no-sync --content three f -v
	same f three
	[ ! -s out ] || fail "standard output: $(cat out)"
	err_is '[OK] Wrote: f'
done
expect 0 atomic-write --content x ./-f
same ./-f x
finish
