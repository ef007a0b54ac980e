#!/bin/sh
# SPDX-License-Identifier: MIT
# --raw, and files of other names, byte for byte.
. "${SRCDIR:?}/tests/lib.sh"

printf '{"a":  1}\000\377 no JSON' >f.json
cp f.json f.txt
expect 0 memory-read f.json --raw
cmp -s out f.json || fail "--raw differs"
expect 0 memory-read f.txt
cmp -s out f.json || fail "f.txt differs"
: >empty.txt
expect 0 memory-read empty.txt
[ ! -s out ] || fail "an empty file gave $(cat out)"
finish
