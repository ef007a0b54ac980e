#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard descriptors that are closed never end up as FILE, temp or lock.
. "${SRCDIR:?}/tests/lib.sh"

n=0
for closed in '>&-' '2>&-' '<&- >&- 2>&-'; do
	n=$((n + 1))
	eval "atomic-write f --content $n $closed" || fail "$closed: status $?"
	same f "$n"
	eval "echo $n | atomic-write g >&- 2>&-" || fail "input: status $?"
	same g "$n"
	eval "atomic-write f -v --content $n $closed" || fail "-v $closed: $?"
	eval "atomic-write f.json --content { $closed" 2>/dev/null &&
		fail "$closed: invalid input was taken"
	[ ! -s f.lock ] || fail "the lock file holds $(cat f.lock)"
done
for options in '' --append '--append --lines'; do
	# shellcheck disable=SC2086 # options, or none
	atomic-write f $options <&- 2>err && fail "closed input was read"
	err_has 'standard input'
done
same f 3
only f f.lock g g.lock
finish
