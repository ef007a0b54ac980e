#!/bin/sh
# SPDX-License-Identifier: MIT
# A STATE that cannot be made or written for want of space is an error; nothing
# is granted, nothing is left over.
. "${SRCDIR:?}/tests/lib.sh"
need strace

# full TRACE-OPTION... COMMAND...: each write into a file fails.
full() {
	status=0
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -o trace \
		-e trace=pwrite64,fsync -e "inject=$1:error=ENOSPC" \
		rate-wait limiter -- touch granted >out 2>err || status=$?
	grep -q INJECTED trace || skip "strace injects nothing here"
	[ "$status" -eq 125 ] || fail "status $status"
	err_has 'No space left on device'
	[ ! -e granted ] || fail "granted all the same"
	rm -f trace
}

full pwrite64
only out err
full fsync
only out err
rate-wait limiter || trouble "no state"
cp limiter before
full pwrite64
cmp -s limiter before || fail "STATE has changed"
only limiter before
finish
