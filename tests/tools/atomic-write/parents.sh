#!/bin/sh
# SPDX-License-Identifier: MIT
# Missing parent directories are made, and removed again if nothing is written.
. "${SRCDIR:?}/tests/lib.sh"

expect 1 atomic-write a/b/c.json --content '{'
[ ! -e a ] || fail "a was left"
expect 0 atomic-write a/b/c.json --content '{}'
same a/b/c.json '{}'
ln -s x/y/z link
expect 0 atomic-write link --content data
[ -L link ] || fail "the link was replaced"
same x/y/z data
finish
