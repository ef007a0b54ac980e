#!/bin/sh
# SPDX-License-Identifier: MIT
# A lock that is held is seen to be held, however many other locks come and go:
# the system's list of locks is long then, and changes while it is read.
. "${SRCDIR:?}/tests/lib.sh"
[ -r /proc/locks ] || skip "no /proc/locks"

mkdir others
set --
i=0
while [ $i -lt 200 ]; do
	set -- "$@" "others/$i"
	i=$((i + 1))
done
mkfifo go
file-lock with "$@" -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
: >run
for n in 1 2 3; do
	(while [ -e run ]; do file-lock with "g$n" -- true; done) &
	pids="$pids $!"
done
i=0
while [ $i -lt 4 ]; do
	expect 0 file-lock show others --json
	seen=$(grep -c '"status":"active"' out)
	[ "$seen" -eq 200 ] || fail "look $i saw $seen of 200"
	i=$((i + 1))
done
rm run
echo >go
wait
finish
