#!/bin/sh
# SPDX-License-Identifier: MIT
# A result of the same bytes writes nothing.
. "${SRCDIR:?}/tests/lib.sh"

printf '{\n  "n": 1\n}\n' >f.json
touch -d '2020-01-01 00:00:00' f.json
before=$(ls -li --time-style=full-iso f.json)
expect 0 memory-update f.json . --backup -v
err_is ''
[ "$(ls -li --time-style=full-iso f.json)" = "$before" ] || fail "written"
only f.json f.json.lock
finish
