#!/bin/sh
# SPDX-License-Identifier: MIT
# A STATE that is reset, removed or made anew while somebody sleeps: the sleeper
# takes its token from what is there when it wakes. Nobody hangs.
. "${SRCDIR:?}/tests/lib.sh"

waits() {
	rate-wait limiter --status --json | grep -q '"waiting":1,'
}

# meanwhile COMMAND...: while one waits for a second.
meanwhile() {
	rm -f limiter
	expect 0 rate-wait limiter --rate 1/s --burst 1
	rate-wait limiter --rate 1/s --burst 1 2>/dev/null &
	waiter=$!
	pids="$pids $waiter"
	poll waits || trouble "it does not wait"
	"$@" || fail "$*"
	wait "$waiter" || fail "status $? after $*"
	expect 75 rate-wait limiter --try || fail "$*: it took nothing"
}

meanwhile rate-wait limiter --reset
meanwhile rm limiter
remake() {
	rm limiter
	rate-wait limiter --rate 1/s --burst 1 --status >/dev/null
	rate-wait limiter --rate 1/s --burst 1
}
meanwhile remake
finish
