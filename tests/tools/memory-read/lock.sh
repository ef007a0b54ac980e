#!/bin/sh
# SPDX-License-Identifier: MIT
# A reader waits for a writer, not for other readers, and makes no lock file.
. "${SRCDIR:?}/tests/lib.sh"
need flock

echo 1 >f.json
expect 0 memory-read f.json
[ -e f.json.lock ] && fail "made a lock file"

: >f.json.lock
mkfifo go
flock f.json.lock sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock did not start"
expect 75 memory-read f.json -t 0.1
err_has 'f.json: ' flock
out_is ''
LOCK_TIMEOUT=0 expect 75 memory-read f.json
expect 0 memory-read f.json --no-lock
out_is 1
memory-read f.json >late &
reader=$!
: >go
wait "$reader" || fail "the waiting reader failed"
same late 1

rm held
flock -s f.json.lock sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock -s did not start"
expect 0 memory-read f.json -t 0
out_is 1
: >go
wait
[ ! -s f.json.lock ] || fail "the lock file was written"
finish
