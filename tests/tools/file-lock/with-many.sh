#!/bin/sh
# SPDX-License-Identifier: MIT
# Five hundred files in one with, though a process may have no more than 256
# descriptors by default here; the command has the limit that was set.
. "${SRCDIR:?}/tests/lib.sh"

mkdir d
set --
i=0
while [ $i -lt 500 ]; do
	set -- "$@" "d/$i"
	i=$((i + 1))
done
# shellcheck disable=SC3045 # no shell is known that lacks it
ulimit -S -n 256
expect 0 file-lock with "$@" --timeout 5 -- sh -c '
	ulimit -S -n
	file-lock with d/0 d/499 --timeout 0 -- echo nested
	true'
out_is '256
nested'
err_is ''
[ "$(find d -name '*.lock' | wc -l)" -eq 500 ] || fail "not 500 lock files"
expect 0 file-lock show d
out_is "Current locks in: $PWD/d"

# Where there are too few descriptors to be had: an error, and nothing is held.
# shellcheck disable=SC3045
ulimit -H -n 256
expect 125 file-lock with "$@" --timeout 5 -- true
err_lines 1
expect 0 file-lock show d
out_is "Current locks in: $PWD/d"
finish
