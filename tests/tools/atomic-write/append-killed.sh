#!/bin/sh
# SPDX-License-Identifier: MIT
# An append that is killed in the middle is taken back by whoever locks next.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

# killed: kill an append when 64 KiB of it are written.
killed() {
	printf 'old\n' >log
	head -c 200000 /dev/zero | tr '\0' x >input
	strace -o trace -P "$PWD/log" -e trace=write \
		-e inject=write:signal=KILL:when=2 \
		atomic-write log --append <input 2>/dev/null
	grep -q 'killed by SIGKILL' trace || trouble "it was not killed"
	[ "$(wc -c <log)" -gt 4 ] || trouble "nothing was written"
	[ -e .log.interlock-append ] || fail "the length was not noted"
}
killed
expect 0 atomic-write log --append --content new
same log 'old
new'
killed
expect 0 atomic-write log --if-changed --content old
same log old
only log log.lock input trace

# Each line is safe from kills, though synced only at the end.
printf 'old\n' >log
strace -o trace -P "$PWD/log" -e trace=write \
	-e inject=write:signal=KILL:when=1 \
	atomic-write log --append --lines --content line 2>/dev/null
grep -q 'killed by SIGKILL' trace || trouble "it was not killed"
expect 0 atomic-write log --append --content new
same log 'old
new'
only log log.lock input trace
finish
