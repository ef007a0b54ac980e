#!/bin/sh
# SPDX-License-Identifier: MIT
# What a killed append has left half written is not shown, and not touched.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

printf 'old\n' >log
head -c 200000 /dev/zero | tr '\0' x >input
strace -o trace -P "$PWD/log" -e trace=write \
	-e inject=write:signal=KILL:when=2 \
	atomic-write log --append <input 2>/dev/null
grep -q 'killed by SIGKILL' trace || trouble "it was not killed"
size=$(wc -c <log)
[ "$size" -gt 4 ] || trouble "nothing was written"
for option in '' --no-lock --raw; do
	expect 0 memory-read log ${option:+"$option"}
	out_is old
done
[ "$(wc -c <log)" -eq "$size" ] || fail "reading changed it"

# Without that record every byte counts.
expect 0 atomic-write log --append --content new
expect 0 memory-read log
out_is 'old
new'
finish
