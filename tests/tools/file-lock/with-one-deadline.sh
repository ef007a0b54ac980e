#!/bin/sh
# SPDX-License-Identifier: MIT
# The deadline of a with is one for all its files: who waited over a second for
# the first, which shows in its having said so, has less time for the second.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

mkfifo go1 go2
for n in 1 2; do
	file-lock with "$n" -- sh -c ": >in$n; read -r word <go$n" &
	pids="$pids $!"
	poll [ -e "in$n" ] || trouble "with did not start"
done
strace -f -o trace -e trace=setitimer \
	file-lock with 2 1 --timeout 30 -- true 2>said &
waiter=$!
pids="$pids $waiter"
# starts N: so often it has begun to wait. The rest of the timer's calls stop it.
starts() {
	sed -n 's/.*it_value={tv_sec=\([1-9][0-9]*\),.*/\1/p' trace >left
	[ "$(wc -l <left)" -eq "$1" ]
}
poll grep -q ': waiting: ' said || fail "no word of waiting: $(cat said)"
echo >go1
poll starts 2 || fail "it did not wait twice: $(cat trace)"
echo >go2
wait "$waiter" || fail "status $?: $(cat said)"
[ "$(sed -n 1p left)" -gt "$(sed -n 2p left)" ] ||
	fail "seconds left, for each: $(cat left)"
finish
