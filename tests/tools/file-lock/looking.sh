#!/bin/sh
# SPDX-License-Identifier: MIT
# Looking never disturbs: with show and status in a loop, a thousand takes
# without time to wait all succeed; also where looking has to try the lock.
. "${SRCDIR:?}/tests/lib.sh"

: >run
look() {
	while [ -e run ]; do
		file-lock show . >/dev/null || echo "show: $?" >>said
		file-lock status f >/dev/null
	done
}
look &
pids="$pids $!"
hidden=
# In a pid namespace of its own it cannot see our lock and has to try it.
if unshare --pid --fork true 2>/dev/null; then
	hidden=1
	unshare --pid --fork sh -c 'while [ -e run ]; do
		file-lock status f >/dev/null; done' &
	pids="$pids $!"
fi
i=0
while [ $i -lt 1000 ]; do
	file-lock with f --timeout 0 -- true || {
		fail "take $i: status $?"
		break
	}
	i=$((i + 1))
done
rm run
wait
[ ! -s said ] || fail "$(cat said)"
[ "$hidden" ] || note "no pid namespace was to be had"
finish
