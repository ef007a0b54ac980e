#!/bin/sh
# SPDX-License-Identifier: MIT
# Several files in one with: all or nothing, one deadline, a file twice counts
# once, one that cannot be locked leaves none locked.
. "${SRCDIR:?}/tests/lib.sh"

mkdir d e
expect 0 file-lock with d/b e/a d/a -- sh -c '
	for f in d/b e/a d/a; do file-lock status $f; done; true'
[ "$(grep -c '^locked by sh (pid ' out)" -eq 3 ] || fail "$(cat out err)"
for f in d/b e/a d/a; do
	expect 0 file-lock status "$f"
done

# The same file, spelled in every way.
ln -s d/a link
expect 0 file-lock with d/a ./d/a "$PWD/d/a" link d/../d/a --timeout 0 -- \
	file-lock with d/a link --timeout 0 -- echo in
out_is in

# One of them is not to be had: none is held, and 75 or -E.
mkfifo go
file-lock with e/a -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
expect 75 file-lock with d/a e/a d/b --timeout 0 -- touch ran
err_has 'e/a: locked by sh (pid'
err_lines 1
expect 9 file-lock with d/a e/a d/b --timeout 0 -E 9 -- touch ran
for f in d/a d/b; do
	expect 0 file-lock status "$f"
done

# Two of them are not to be had.
mkdir later
file-lock with d/a later/b -- sh -c ': >held2; read -r word <go' &
pids="$pids $!"
poll [ -e held2 ] || trouble "with did not start"
expect 75 file-lock with d/a e/a later/b d/b --timeout 0.2 -- touch ran
echo >go
echo >go
wait

# What cannot be locked at all.
mkdir d/c.lock
expect 75 file-lock with d/a d/c --timeout 0 -- touch ran
ln -s nowhere d/x.lock
expect 125 file-lock with d/a d/x --timeout 0 -- touch ran
err_has 'd/x.lock' 'symbolic link'
expect 125 file-lock with d/a missing/f -- touch ran
err_has 'missing/f'
expect 2 file-lock with d/a d/b -L x -- touch ran
expect 0 file-lock status d/a
[ ! -e ran ] || fail "the command ran"
finish
