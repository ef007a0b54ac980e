#!/bin/sh
# SPDX-License-Identifier: MIT
# The longest argument that Linux passes, as a filter: both ways.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
pad=$(head -c 131069 /dev/zero | tr '\0' x)
expect 0 memory-update f.json "\"$pad\""
[ "$(wc -c <f.json)" -eq 131072 ] || fail "$(wc -c <f.json) bytes"
pad=$(printf '%s' "$pad" | cut -c 12-)
expect 0 memory-update f.json "\"$pad\"|length"
same f.json 131058
expect 1 memory-update f.json "$pad"
err_lines 1
same f.json 131058
finish
