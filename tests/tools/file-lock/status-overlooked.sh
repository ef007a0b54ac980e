#!/bin/sh
# SPDX-License-Identifier: MIT
# The system hands out its list of locks a page at a time. Though each time the
# locks that stood before ours are gone when the next page is read, so that ours
# is passed over, it is seen to be held.
. "${SRCDIR:?}/tests/lib.sh"
[ -r /proc/locks ] || skip "no /proc/locks"
need_strace

mkfifo go
file-lock with f -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
mkdir others
set --
i=0
while [ $i -lt 200 ]; do
	set -- "$@" "others/$i"
	i=$((i + 1))
done
: >run
(while [ -e run ]; do file-lock with "$@" -- true; done) &
pids="$pids $!"
i=0
while [ $i -lt 15 ]; do
	expect 1 strace -f -o trace -P /proc/locks \
		-e inject=read:delay_exit=10000 file-lock status f
	grep -q '^locked by sh ' out || fail "look $i: $(cat out)"
	i=$((i + 1))
done
rm run
echo >go
wait
finish
