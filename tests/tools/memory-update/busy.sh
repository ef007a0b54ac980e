#!/bin/sh
# SPDX-License-Identifier: MIT
# A busy lock at the deadline: status 75, and who holds it.
. "${SRCDIR:?}/tests/lib.sh"
need flock

echo 1 >f.json
: >f.json.lock
mkfifo go
flock f.json.lock sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock did not start"
for timeout in 0 0.1; do
	LOCK_TIMEOUT=$timeout expect 75 memory-update f.json 2
	err_has f.json flock
	expect 75 memory-update f.json 2 -t "$timeout"
	expect 75 memory-update f.json 2 -w "$timeout"
done
same f.json 1
expect 0 memory-update f.json 2 --no-lock
same f.json 2
expect 0 memory-update f.json 3 -L other.lock
same f.json 3
memory-update f.json 4 &
waiter=$!
: >go
wait "$waiter" || fail "the waiter failed"
same f.json 4
finish
