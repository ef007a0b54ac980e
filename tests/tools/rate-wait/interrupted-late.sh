#!/bin/sh
# SPDX-License-Identifier: MIT
# A waiter that is interrupted not in its sleep, but when it has woken and waits
# for STATE's lock, gives its slot back as well.
. "${SRCDIR:?}/tests/lib.sh"
need flock
[ -r /proc/locks ] || skip "no /proc/locks"

expect 0 rate-wait limiter --rate 0.5/s --burst 1
expect 0 rate-wait limiter
inode=$(stat -c %i limiter)
mkfifo go
rate-wait limiter -- touch granted 2>said &
waiter=$!
pids="$pids $waiter"
waits() {
	rate-wait limiter --status --json | grep -q '"waiting":1,'
}
poll waits || trouble "it does not wait: $(cat said)"
flock limiter sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock does not hold it"
poll grep -q -- "->.*:$inode " /proc/locks || trouble "it does not wake"
kill -TERM "$waiter"
echo >go
status=0
wait "$waiter" 2>/dev/null || status=$?
[ "$status" -eq 143 ] || fail "status $status: $(cat said)"
expect 0 rate-wait limiter --try
[ ! -e granted ] || fail "granted"
finish
