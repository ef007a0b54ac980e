#!/bin/sh
# SPDX-License-Identifier: MIT
# Odd numbers, keys and paths through both ways: edit, and libjq where edit
# declines. What is not refused has the right value; what is, stays as it was.
. "${SRCDIR:?}/tests/lib.sh"

# both TEXT EDIT OTHER EXPECTED: EDIT and OTHER, a spelling that only libjq
# takes, turn TEXT into EXPECTED; or libjq's way is refused.
both() {
	printf '%s' "$1" >f.json
	expect 0 memory-update f.json "$2"
	same f.json "$4"
	printf '%s' "$1" >f.json
	run memory-update f.json "$3"
	if [ "$status" -eq 1 ]; then
		err_has 'f.json: line ' --lossy
		same f.json "$1"
	elif [ "$status" -eq 0 ]; then
		# Numbers may be spelled another way.
		expect 0 memory-read f.json -e "($3) == ($2)" --retries 0
	else
		fail "status $status: $3"
	fi
}
many=$(head -c 1000 /dev/zero | tr '\0' 7)
for number in "$many" 1e400 -0 1.0 1E+2 -1.5e-7 0.1; do
	both "{\"a\":$number,\"b\":1}" '.b = 2' '.b |= (2 | .)' \
		"{\"a\":$number,\"b\":2}"
done
both '{"a.b":1}' '.["a.b"] = 2' '. + {"a.b": 2}' '{"a.b":2}'
both '{"a\"b":1}' '.["a\"b"] = 2' '. + {"a\"b": 2}' '{"a\"b":2}'
both '{"\u0000":1}' '.["\u0000"] = 2' '. + {"\u0000": 2}' '{"\u0000":2}'
both '{"\u0061":1,"b":2}' '.b = 3' '. + {b: 3}' '{"\u0061":1,"b":3}'
both '{"\u0061":1}' '.a = 3' '. + {a: 3}' '{"\u0061":3}'
both '[1,2]' '.[-1] = 3' '.[0:1] + [3]' '[1,3]'
both '{"a":null}' '.a.b = 1' '. + {a: {b: 1}}' '{"a":{"b":1}}'

# refused TEXT FILTER WORDS...
refused() {
	printf '%s' "$1" >f.json
	cp f.json before
	expect 1 memory-update f.json "$2"
	shift 2
	err_has 'f.json: ' "$@"
	err_lines 1
	cmp -s f.json before || fail "changed"
}
refused '{"a":"s"}' '.a.b = 1' 'Cannot index'
refused '{"a":[1]}' '.a.b = 1' 'Cannot index'
refused '[1]' '.[-3] = 1' 'Out of bounds'
refused '{"a":1,"a":2}' '.a = 3' 'twice'
bom=$(printf '\357\273\277')
refused "$bom{\"a\":1}" '.a = 2' 'byte order mark'
refused "$bom{\"a\":1}" '.a |= (2 | .)' 'byte order mark'

# An index that needs more memory than there is. (A build with sanitizers needs
# all that there is for itself.)
printf '[1]' >f.json
status=0
(
	# shellcheck disable=SC3045 # where there is none, it fails
	[ "${SANITIZERS:-no}" != yes ] && ulimit -v 500000 2>/dev/null ||
		exit 77
	memory-update f.json '.[1000000000] = 1'
) 2>err || status=$?
[ "$status" -eq 77 ] || [ "$status" -eq 1 ] || fail "1e9: status $status"
same f.json '[1]'
only f.json f.json.lock before
finish
