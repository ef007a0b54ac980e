#!/bin/sh
# SPDX-License-Identifier: MIT
# A program that does not lock replaces FILE between the last look and the
# exchange: what came out tells, and it is put back.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

: >f
strace -o trace -e trace=renameat2 \
	-e inject=renameat2:delay_enter=1000000:when=1 \
	atomic-write f --if-match 99aa06d3014798d86001c324468d497f \
	--content ours 2>err &
writer=$!
pids="$pids $writer"
# The call is shown when it begins.
poll grep -q renameat2 trace || skip "there is no renameat2 here"
echo theirs >editor
mv editor f
status=0
wait "$writer" || status=$?
[ "$status" -eq 3 ] || fail "status $status, not 3: $(cat err)"
same f theirs
[ "$(grep -c '^renameat2.*RENAME_EXCHANGE) = 0' trace)" -eq 2 ] ||
	fail "not exchanged and put back: $(cat trace)"
only f f.lock trace
finish
