#!/bin/sh
# SPDX-License-Identifier: MIT
# The lock is the file's, however its path is spelled.
. "${SRCDIR:?}/tests/lib.sh"

mkdir d e
: >d/a
ln -s d/a link
ln -s "$work/link" e/far
mkfifo go
for held in d/a ./d/a "$work/d/a" link e/far d/../d//a; do
	rm -f held
	file-lock with "$held" -- sh -c ': >held; read -r line <go' &
	pids="$pids $!"
	poll [ -e held ] || trouble "$held was not locked"
	for other in d/a ./d/a e/../d/a "$work/d/a" link e/far; do
		expect 75 file-lock with "$other" -n -- true
		expect 1 file-lock status "$other"
	done
	(cd d && expect 75 file-lock with a -n -- true) ||
		fail "a in d was not excluded"
	(cd e && expect 75 file-lock with ../d/a -n -- true) ||
		fail "../d/a was not excluded"
	echo >go
	wait
done
[ -L link ] || fail "the link is gone"
for name in link.lock e/far.lock; do
	[ ! -e "$name" ] || fail "a link has a lock of its own"
done
expect 0 file-lock with d/a -n -- true
finish
