#!/bin/sh
# SPDX-License-Identifier: MIT
# Where edit finds only at the file that libjq must decide, it does: the same
# values and errors as jq's.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"a":"x","n":1}' >f.json
expect 1 memory-update f.json '.a.b = 1'
err_has 'f.json: the filter failed: Cannot index string'
expect 1 memory-update f.json '.a += 1'
err_has 'cannot be added'
expect 1 memory-update f.json '.n /= 0'
err_has 'the filter failed: ' 'divided'
same f.json '{"a":"x","n":1}'
expect 0 memory-update f.json '.n /= 3'
grep -q '"n":0.3333333333333333' f.json || fail "$(cat f.json)"
expect 0 memory-update f.json '.n = 0.1 | .n += 0.2'
grep -q '"n":0.30000000000000004' f.json || fail "$(cat f.json)"
echo '{"a":{"x":1},"a":{"x":2}}' >f.json
expect 1 memory-update f.json '.a.x = 3'
err_has 'stands there twice'
same f.json '{"a":{"x":1},"a":{"x":2}}'
finish
