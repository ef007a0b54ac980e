#!/bin/sh
# SPDX-License-Identifier: MIT
# What edit can do does not open libjq; what it cannot, does.
. "${SRCDIR:?}/tests/lib.sh"
need_plain_build
need strace

echo '{"n":1}' >f.json
strace -f -o trace -e trace=openat memory-update f.json '.n += 1' \
	--return .n >out 2>err || {
	grep -q 'ptrace' err && skip "strace may not trace here"
	fail "status $?: $(cat err)"
}
out_is 2
grep libjq trace && fail "libjq was opened"
grep -E 'localtime|locale' trace && fail "locale or time zone was read"
strace -f -o trace -e trace=openat memory-update f.json '.n |= sqrt' ||
	fail "status $?"
grep -q libjq trace || fail "libjq was not opened"
strace -f -o trace -e trace=openat memory-read f.json .n >out
grep libjq trace && fail "memory-read opened libjq"
finish
