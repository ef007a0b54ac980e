#!/bin/sh
# SPDX-License-Identifier: MIT
# What libjq would lose is refused, and named; --lossy lets it.
. "${SRCDIR:?}/tests/lib.sh"

# A filter that only libjq can do, and that changes nothing else.
filter='if true then .new = 1 else . end'

# try PLACE TEXT WORDS...: the document is refused, but not with --lossy.
try() {
	place=$1
	printf '%s\n' "$2" >f.json
	cp f.json before
	expect 1 memory-update f.json "$filter"
	shift 2
	err_has "f.json: $place: " --lossy "$@"
	err_lines 1
	cmp -s f.json before || fail "changed"
	expect 1 memory-update f.json -S --pipe -- cat before
	only f.json f.json.lock before
	expect 0 memory-update f.json "$filter" --lossy
	grep -q new f.json || fail "--lossy did nothing"
}
try 'line 1, column 8' '{"a":1,"a":2}' '"a" stands there twice'
try 'line 1, column 8' '{"a":1,"\u0061":2}' 'stands there twice'
try 'line 1, column 7' '{"a":"\udc00"}' '\udc00 is half of a surrogate pair'
try 'line 1, column 6' '{"a":1e99999999999}' \
	'1e99999999999 would become 1.7976931348623157e+308'

# Numbers that only some versions keep: unchanged or refused, never another.
for number in 12345678901234567890 9007199254740993 1e400 \
	0.1234567890123456789 1700000000123456789; do
	echo "{\"n\":$number}" >f.json
	run memory-update f.json "$filter"
	case $status in
	0)
		grep -qi "^{\"n\":$(echo "$number" | sed 's/e/E+/')," f.json ||
			fail "$number became $(cat f.json)"
		;;
	1)
		err_has "line 1, column 6: $number would become "
		same f.json "{\"n\":$number}"
		;;
	*) fail "status $status with $number" ;;
	esac
	# edit has no such trouble.
	echo "{\"n\":$number}" >f.json
	expect 0 memory-update f.json '.new = 1'
	same f.json "{\"n\":$number,\"new\":1}"
done

# Values stay what they are, however they are spelled.
echo '{"a":[1.0,-0,1E+2,1e-5,0.10,1.5e3],"b":"\u00e9\/\ud83d\ude00"}' >f.json
expect 0 memory-update f.json "$filter"
grep -q '"é/😀"' f.json || fail "strings: $(cat f.json)"

# Variables go the same way.
echo '{"x":0}' >f.json
# shellcheck disable=SC2016 # the dollar signs are jq's
{
expect 1 memory-update f.json 'if true then .x = $v else . end' \
	--argjson v '[1e99999999999]'
err_has 'memory-update: --argjson v: line 1, column 2: 1e99999999999 would become'
expect 0 memory-update f.json '.x = $v' --argjson v '[1e99999999999]'
same f.json '{"x":[1e99999999999]}'
}
finish
