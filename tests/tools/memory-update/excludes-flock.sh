#!/bin/sh
# SPDX-License-Identifier: MIT
# flock(1) on FILE.lock waits for an update as an update waits for it.
. "${SRCDIR:?}/tests/lib.sh"
need flock

echo 1 >f.json
mkfifo go
memory-update f.json --pipe -- sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "memory-update did not start"
flock -n f.json.lock true && fail "flock got in"
echo 2 >go
wait
flock -n f.json.lock true || fail "still locked"
same f.json 2
finish
