#!/bin/sh
# SPDX-License-Identifier: MIT
# --content gets a final newline if it has none, and standard input is not read.
. "${SRCDIR:?}/tests/lib.sh"

printf 'data\n' >wanted
expect 0 atomic-write f --content data </dev/null
cmp -s f wanted || fail "no newline was added"
expect 0 atomic-write --content 'data
' f
cmp -s f wanted || fail "a second newline was added"
[ -s out ] || [ -s err ] && fail "it is not silent"
expect 0 atomic-write f --content ''
printf '\n' | cmp -s - f || fail "not one newline"

# As long as an argument can be.
long=$(head -c 131071 /dev/zero | tr '\0' x)
expect 0 atomic-write f --content "$long"
[ "$(wc -c <f)" -eq 131072 ] || fail "the long one has $(wc -c <f) bytes"
only f f.lock wanted
finish
