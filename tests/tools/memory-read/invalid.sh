#!/bin/sh
# SPDX-License-Identifier: MIT
# What does not parse is tried again, then reported with its place.
. "${SRCDIR:?}/tests/lib.sh"

try() {
	# shellcheck disable=SC2059 # it is a format
	printf "$2" >f.json
	expect 1 memory-read f.json --retries 0
	err_has "f.json: not valid JSON: $1:"
	err_lines 1
	out_is ''
}
try 'line 1, column 1' ''
try 'line 2, column 4' '[1,\n2, '
try 'line 1, column 4' '{} {}'
try 'line 1, column 3' '{}\000'
try 'line 1, column 2' '"\377"'
head -c 10001 /dev/zero | tr '\0' '[' >f.json
expect 1 memory-read f.json --retries 0
err_has 'nested'

# It becomes valid while we try.
echo '{' >f.json
memory-read f.json --retries 10000 >out 2>err &
reader=$!
pids="$pids $reader"
echo '{}' >f.json
wait "$reader" || fail "not tried again: $(cat err)"
out_is '{}'
only f.json
finish
