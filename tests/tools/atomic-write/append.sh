#!/bin/sh
# SPDX-License-Identifier: MIT
# --append adds the input as one piece, in place, on a line of its own.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 atomic-write log --append --content one
inode=$(stat -c %i log)
printf 'two' | atomic-write log --append || fail "status $?"
printf 'three\nfour\n' | atomic-write log --append || fail "status $?"
same log 'one
two
three
four'
[ "$(stat -c %i log)" = "$inode" ] || fail "another inode"
expect 0 atomic-write log --append -- printf 'five\n'
expect 1 atomic-write log --append -- sh -c 'echo six; exit 1'
[ "$(tail -1 log)" = five ] || fail "a failed command's output was added"
only log log.lock

# As one piece, whatever comes in between.
expect 0 atomic-write log --content start
for n in 1 2 3 4 5; do
	seq "$n"0001 "$n"5000 | atomic-write log --append &
done
wait
expect 0 awk 'NR > 1 && $1 != last + 1 { breaks++ } { last = $1 }
	END { exit breaks != 5 && breaks != 4 }' log
[ "$(wc -l <log)" -eq 25001 ] || fail "$(wc -l <log) lines"
head -c 2000000 /dev/urandom >big
cat log big >wanted
atomic-write log --append <big || fail "status $?"
cmp -s log wanted || fail "2 MB: changed"
only log log.lock big wanted
finish
