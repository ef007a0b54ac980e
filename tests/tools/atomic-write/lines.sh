#!/bin/sh
# SPDX-License-Identifier: MIT
# --lines: many processes share one log, and no line is torn or lost; each is
# there when it has arrived.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo input
atomic-write log --append --lines <input &
writer=$!
pids="$pids $writer"
exec 3>input
echo first >&3
poll grep -qx first log || fail "the line is not there yet"
printf 'half ' >&3
echo second | atomic-write log --append || fail "status $?"
printf 'third' >&3
exec 3>&-
wait "$writer" || fail "status $?"
same log 'first
second
half third'
[ "$(tail -c1 log | wc -l)" -eq 1 ] || fail "no final newline"

pad=$(head -c 300 /dev/zero | tr '\0' x)
for n in 1 2 3 4 5 6; do
	awk -v n="$n" -v pad="$pad" 'BEGIN {
		for (i = 0; i < 300; i++) print n, i, pad, "end" }' |
		atomic-write many --append --lines &
done
wait
expect 0 awk 'NF != 4 || $4 != "end" || $2 != seen[$1]++ { exit 1 }
	END { exit NR != 1800 }' many
only log log.lock many many.lock input

# Nothing to add is no error here.
expect 0 atomic-write none --append --lines </dev/null
only log log.lock many many.lock input
finish
