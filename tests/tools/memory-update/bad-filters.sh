#!/bin/sh
# SPDX-License-Identifier: MIT
# A filter that does not do: jq's message on one line, nothing changed.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"a":1}' >f.json
try() {
	expect 1 memory-update f.json "$1"
	shift
	err_has "$@"
	err_lines 1
	same f.json '{"a":1}'
	[ -e f.json.lock ] && rm f.json.lock
	only f.json
}
try '.a[' 'filter: ' 'syntax error'
try 'nosuch' 'filter: ' 'nosuch/0 is not defined'
try 'import "x" as x; .' 'filter: '
try '.a.b' 'f.json: the filter failed: ' 'Cannot index number'
try 'error("my words")' 'f.json: the filter failed: my words'
try 'error({"a":1})' '{"a":1}'
try '"bye" | halt_error' 'bye'
try 'empty' 'f.json: the filter yielded 0 values, not one'
try '1, 2' 'f.json: the filter yielded 2 values, not one'
try 'repeat(1)' 'more than 1000 values'
try 'reduce range(20000) as $i (.; [.])' 'nested too deeply'
finish
