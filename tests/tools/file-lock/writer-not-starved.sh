#!/bin/sh
# SPDX-License-Identifier: MIT
# A writer waits for no more readers than were in when it came: those who come
# later stand back. So it gets in under a stream of readers who overlap, so that
# there is never none.
. "${SRCDIR:?}/tests/lib.sh"

# One reader is in; a writer waits; a second reader has come after it.
mkfifo go
file-lock with -s f -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
waits() {
	file-lock status f --json | grep -q "\"waiters\":$1}"
}
file-lock with f -- sh -c 'echo writer >>order' 2>/dev/null &
pids="$pids $!"
poll waits 1 || trouble "the writer does not wait"
file-lock with -s f -- sh -c 'echo reader >>order' 2>/dev/null &
pids="$pids $!"
poll waits 2 || fail "a reader does not stand back for the writer"
# Nor does one get in that has no time to wait.
expect 75 file-lock with -s f --timeout 0 -- true
echo >go
wait
[ "$(tr '\n' ' ' <order)" = 'writer reader ' ] || fail "served: $(cat order)"

: >run
: >rounds
reader() {
	while [ -e run ]; do
		file-lock with -s f --timeout 30 -- sh -c 'echo >>rounds
			sleep 0.1' 2>>err.readers || echo "$?" >>said
	done
}
for _ in 1 2 3 4; do
	reader &
	pids="$pids $!"
	sleep 0.03
done
many() {
	[ "$(wc -l <rounds)" -ge "$1" ]
}
for n in 4 12 20; do
	poll many "$n" || trouble "no readers: $(cat err.readers)"
	file-lock with f --timeout 30 -- true || fail "the writer: status $?"
done
# A writer without time to wait does not hold up readers.
file-lock with f --timeout 0 -- true 2>/dev/null
rm run
wait
[ ! -s said ] || fail "a reader failed: $(cat said)"
finish
