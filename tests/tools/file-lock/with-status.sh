#!/bin/sh
# SPDX-License-Identifier: MIT
# `with` ends as its command ends.
. "${SRCDIR:?}/tests/lib.sh"

for n in 0 1 2 3 75 124 125 126 127 255; do
	expect "$n" file-lock with f -- sh -c "exit $n"
	err_is ''
done
for n in 1 2 3 9 15; do
	! signal_ignored "$n" || continue
	# shellcheck disable=SC2016 # the inner shell's $$
	expect $((128 + n)) file-lock with f -- sh -c 'kill -"$1" $$' sh "$n"
done
expect 0 file-lock with f -- sh -c 'echo to stdout; echo to stderr >&2'
out_is 'to stdout'
err_is 'to stderr'
echo input | expect 0 file-lock with f -- cat
out_is input
# "--" and what is behind it are the command's.
expect 0 file-lock with f -- printf "%s %s %s %s\n" -n -- --help -s
out_is '-n -- --help -s'
# A script without "#!" is sh's, as in every shell.
echo 'exit 7' >script
chmod +x script
expect 7 file-lock with f -- ./script
file-lock with f -- test -e f.lock || fail "no lock file"
[ ! -s f.lock ] || fail "the lock file holds $(cat f.lock)"
only f.lock script
finish
