#!/bin/sh
# SPDX-License-Identifier: MIT
# Under a stream of readers who overlap, so that there is never none, a writer
# gets in; without the turnstile it would wait as long as they come.
. "${SRCDIR:?}/tests/lib.sh"

: >run
reader() {
	while [ -e run ]; do
		file-lock with -s f --timeout 20 -- sleep 0.1 || echo "$?" >>said
		echo >>rounds
	done
}
: >rounds
for _ in 1 2 3 4; do
	reader &
	pids="$pids $!"
	sleep 0.03
done
many() {
	[ "$(wc -l <rounds)" -ge "$1" ]
}
poll many 4 || trouble "no readers"
for _ in 1 2 3; do
	before=$(wc -l <rounds)
	file-lock with f --timeout 20 -- true || fail "the writer: status $?"
	after=$(wc -l <rounds)
	# Those who were in end, no more come in before the writer; then a
	# new round may have ended before we looked.
	[ $((after - before)) -le 12 ] ||
		fail "$((after - before)) readers ended while the writer waited"
done
# A writer without time to wait does not hold up readers.
file-lock with f --timeout 0 -- true 2>/dev/null
rm run
wait
[ ! -s said ] || fail "a reader failed: $(cat said)"
finish
