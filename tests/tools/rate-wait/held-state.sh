#!/bin/sh
# SPDX-License-Identifier: MIT
# STATE's own lock is waited for up to LOCK_TIMEOUT; held longer: 75, nothing
# granted. It is flock(2) on STATE itself.
. "${SRCDIR:?}/tests/lib.sh"
need flock

rate-wait limiter || trouble "no state"
cp limiter before
mkfifo hold
flock limiter sh -c 'echo held >locked; cat hold' &
pids="$pids $!"
poll test -s locked || trouble "flock does not hold it"
LOCK_TIMEOUT=0.1 expect 75 rate-wait limiter
err_has 'rate-wait: limiter: its lock was not free in time (LOCK_TIMEOUT)'
LOCK_TIMEOUT=0 expect 75 rate-wait limiter --status
LOCK_TIMEOUT=0 expect 75 rate-wait limiter -- touch granted
cmp -s limiter before || fail "STATE has changed"
[ ! -e granted ] || fail "COMMAND ran"
rate-wait limiter -- touch granted &
waiter=$!
: >hold
wait "$waiter" || fail "status $?"
[ -e granted ] || fail "not granted when the lock came free"
finish
