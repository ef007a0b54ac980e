#!/bin/sh
# SPDX-License-Identifier: MIT
# A busy lock at the deadline: status 75, nothing done, and who holds it.
. "${SRCDIR:?}/tests/lib.sh"
need flock

echo old >f
mkfifo go
flock f.lock sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock did not start"
for options in '' --append '--append --lines' --in-place; do
	# shellcheck disable=SC2086 # options, or none
	LOCK_TIMEOUT=0.1 expect 75 atomic-write f $options --content new
	err_has 'f: ' flock
	# shellcheck disable=SC2086
	expect 75 atomic-write f $options -t 0 --content new
done
same f old
only f f.lock go held
expect 0 atomic-write f --no-lock --content new
same f new
atomic-write f --content waited &
waiter=$!
: >go
wait "$waiter" || fail "the waiter: status $?"
same f waited
finish
