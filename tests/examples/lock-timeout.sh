#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 4: a time-out ends the wait, and says who holds the lock; and the
# document's way to see whether a file is locked.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash
link_scripts scripts

expect 0 bash "$SRCDIR/examples/lock-timeout"
out_is 'Trying to acquire lock with 5s timeout...
✓ Timeout worked as expected'
mv err said
expect 1 file-lock status test-timeout.json --json
holder=$(sed 's/.*"pid":\([0-9]*\).*/\1/' out)
pids="$pids $holder"
[ "$(sed 's/since .*/since T/' said)" = \
	"file-lock: $PWD/test-timeout.json: waiting: locked by sleep (pid $holder) since T
file-lock: $PWD/test-timeout.json: locked by sleep (pid $holder) since T" ] ||
	fail "$(cat said)"
LOCK_TIMEOUT=0.1 expect 75 ./scripts/file-lock.sh acquire test-timeout.json

# looks: the document's line, in a script of its own.
looks() {
	bash -c 'LOCK_TIMEOUT=0.1 ./scripts/file-lock.sh acquire \
		"$1" &>/dev/null && echo "Unlocked" || echo "Locked"' \
		bash "$PWD/test-timeout.json"
}
[ "$(looks)" = Locked ] || fail "not seen to be locked"
kill "$holder"
unlocked() {
	file-lock status test-timeout.json >out
}
poll unlocked || fail "held after the holder's end"
[ "$(looks)" = Unlocked ] || fail "not seen to be unlocked"
poll unlocked || fail "looking keeps it locked"
finish
