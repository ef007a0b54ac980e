#!/bin/sh
# SPDX-License-Identifier: MIT
# A sync that fails before the rename leaves FILE as it was (1), one that fails
# after it is told by a status of its own (4).
. "${SRCDIR:?}/tests/lib.sh"
need_strace

# faulty WHEN STATUS
faulty() {
	echo old >f
	strace -o trace -e inject=fsync:error=EIO:when="$1" \
		atomic-write f --content new 2>err
	status=$?
	grep -q INJECTED trace || trouble "nothing was injected"
	[ "$status" -eq "$2" ] || fail "status $status, not $2: $(cat err)"
	err_has 'f: ' 'Input/output error'
	err_lines 1
}
faulty 1 1
same f old
faulty 2 4
same f new
only f f.lock trace
finish
