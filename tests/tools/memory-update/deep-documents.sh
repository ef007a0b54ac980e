#!/bin/sh
# SPDX-License-Identifier: MIT
# Nesting: as deep as libjq goes, else an error, never a damaged file.
. "${SRCDIR:?}/tests/lib.sh"

# nest N: N levels of arrays.
nest() {
	head -c "$1" /dev/zero | tr '\0' '['
	head -c "$1" /dev/zero | tr '\0' ']'
	echo
}
nest 200 >f.json
nest 200 >before
expect 0 memory-update f.json . -c
cmp -s f.json before || fail "200 levels came back different"

for levels in 300 9999 10001; do
	nest "$levels" >f.json
	cp f.json before
	run memory-update f.json . -c
	case $status in
	0) ;;
	1) err_lines 1 ;;
	*) fail "status $status with $levels levels" ;;
	esac
	cmp -s f.json before || fail "$levels levels came back different"
done
[ "$status" -eq 1 ] || fail "10001 levels were taken"
only f.json f.json.lock before
finish
