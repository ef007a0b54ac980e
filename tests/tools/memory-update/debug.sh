#!/bin/sh
# SPDX-License-Identifier: MIT
# What a filter prints with `debug` comes out on standard error.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"a":1}' >f.json
expect 0 memory-update f.json '.a |= debug' -c
err_is '["DEBUG:",1]'
out_is ''
same f.json '{"a":1}'
finish
