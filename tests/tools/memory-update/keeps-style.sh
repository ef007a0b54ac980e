#!/bin/sh
# SPDX-License-Identifier: MIT
# A file keeps its layout, whether libjq or edit changes it; a new one gets
# jq's. What edit does not touch keeps every byte.
. "${SRCDIR:?}/tests/lib.sh"

# try BEFORE AFTER: both ways of saying `.a = 2` turn the one into the other.
try() {
	for filter in '.a = 2' 'if true then .a = 2 else . end'; do
		# shellcheck disable=SC2059 # it is a format
		printf "$1" >f.json
		# shellcheck disable=SC2059 # it is a format
		printf "$2" >expected
		expect 0 memory-update f.json "$filter"
		cmp -s f.json expected || fail "$filter: $1 became $(cat f.json)"
	done
}
try '{"a":1,"b":[1,{}]}\n' '{"a":2,"b":[1,{}]}\n'
try '{"a":1,"b":[]}' '{"a":2,"b":[]}'
try '{"a": 1, "b": [1, 2]}\n' '{"a": 2, "b": [1, 2]}\n'
try '{\n    "a": 1,\n    "b": [\n        3\n    ]\n}\n' \
	'{\n    "a": 2,\n    "b": [\n        3\n    ]\n}\n'
try '{\n\t"a": 1\n}\n' '{\n\t"a": 2\n}\n'
try '{\r\n  "a": 1\r\n}\r\n' '{\r\n  "a": 2\r\n}\r\n'
try '{\n  "a": 1\n}' '{\n  "a": 2\n}'

# Byte for byte: blanks, escapes, numbers and equal keys elsewhere.
printf '{ "x":1.0,"x" :"\\u00e4\\/", "a":1 ,"n":12345678901234567890}' >f.json
expect 0 memory-update f.json '.a = 2'
same f.json '{ "x":1.0,"x" :"\u00e4\/", "a":2 ,"n":12345678901234567890}'

expect 0 memory-update new.json '.a = [1]' --init '{"b":{}}'
same new.json '{
  "b": {},
  "a": [
    1
  ]
}'
finish
