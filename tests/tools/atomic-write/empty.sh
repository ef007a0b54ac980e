#!/bin/sh
# SPDX-License-Identifier: MIT
# No input: an error that keeps FILE, unless --allow-empty.
. "${SRCDIR:?}/tests/lib.sh"

echo old >f
expect 1 atomic-write f </dev/null
err_has 'f: ' '--allow-empty'
same f old
expect 1 atomic-write new </dev/null
expect 1 atomic-write f.json </dev/null
expect 1 atomic-write f --append </dev/null
expect 1 atomic-write f -- true
same f old
only f
expect 0 atomic-write f --allow-empty </dev/null
[ ! -s f ] || fail "it is not empty"
expect 0 atomic-write f.json --allow-empty </dev/null
[ -f f.json ] || fail "the empty file was not made"
expect 0 atomic-write new --append --allow-empty </dev/null
[ -f new ] || fail "the empty log was not made"
finish
