#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard input becomes the content byte for byte: NULs, no final newline, more
# than fits into a pipe.
. "${SRCDIR:?}/tests/lib.sh"

printf 'a\0b\377\n\0c' >wanted
expect 0 atomic-write f <wanted
cmp -s f wanted || fail "NULs or other bytes were changed"
# shellcheck disable=SC2002 # a pipe is what is tested
cat wanted | atomic-write f || fail "from a pipe: status $?"
cmp -s f wanted || fail "from a pipe: changed"
head -c 3000001 /dev/urandom >wanted
# shellcheck disable=SC2002
cat wanted | atomic-write f || fail "3 MB: status $?"
cmp -s f wanted || fail "3 MB: changed"
only f f.lock wanted
finish
