#!/bin/sh
# SPDX-License-Identifier: MIT
# What is not one JSON text is refused, with its place, and left alone.
. "${SRCDIR:?}/tests/lib.sh"

# try PLACE FORMAT: what printf makes of FORMAT is not valid there.
try() {
	# shellcheck disable=SC2059 # it is a format
	printf "$2" >f.json
	cp f.json before
	expect 1 memory-update f.json .
	err_has "f.json: not valid JSON: $1:"
	err_lines 1
	cmp -s f.json before || fail "changed: $2"
	only f.json f.json.lock before
}
try 'line 1, column 1' ''
try 'line 2, column 1' ' \n'
try 'line 2, column 8' '{\n  "a": '
try 'line 1, column 9' '{"a":1} }x'
try 'line 2, column 1' '{}\n{}'
try 'line 1, column 3' '1 2'
try 'line 1, column 3' '{}\000'
try 'line 1, column 3' '"a\000b"'
try 'line 1, column 3' '"a\377"'
try 'line 1, column 2' '"\355\240\200"'
try 'line 1, column 1' '\357\273\277{}'
try 'line 1, column 5' '{"a"}'
try 'line 1, column 1' 'NaN'
finish
