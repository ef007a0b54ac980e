#!/bin/sh
# SPDX-License-Identifier: MIT
# Not free in time: status 75, and who holds it since when; fractions and zero.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo go
file-lock with f --client cursor -- sh -c ': >held; read -r line <go' &
wrapper=$!
pids="$pids $wrapper"
poll [ -e held ] || trouble "f was not locked"
since=$(sed -n 's/^ACQUIRED: //p' f.lock)

busy() {
	expect 75 "$@"
	err_is "file-lock: f: locked by sh (pid $wrapper, client cursor) since $since"
	[ ! -e ran ] || fail "the command ran"
}
LOCK_TIMEOUT=0.1 busy file-lock with f -- touch ran
LOCK_TIMEOUT=0 busy file-lock with f -- touch ran
busy file-lock with f -t 50ms -- touch ran
busy file-lock with f -w 0.05 -- touch ran
busy file-lock with f -n -- touch ran
busy file-lock with f -s -n -- touch ran
LOCK_TIMEOUT=60 busy file-lock with f --timeout=0 -- touch ran
expect 9 file-lock with f -n -E 9 -- touch ran
expect 0 file-lock with f --no-lock -- true
LOCK_TIMEOUT='' expect 75 file-lock with f -n -- touch ran

for bad in x -1 1x 0x10 '1 ' 1e3; do
	LOCK_TIMEOUT=$bad expect 2 file-lock with f -- touch ran
	err_has LOCK_TIMEOUT "$bad"
	expect 2 file-lock with f --timeout="$bad" -- touch ran
	err_has --timeout "$bad"
done
[ ! -e ran ] || fail "the command ran"

# Who waits over a second is told once; it gets the lock when it is free.
file-lock with f -t 60 -- touch ran 2>told &
waiter=$!
pids="$pids $waiter"
poll [ -s told ] || fail "nobody was told"
echo >go
wait "$waiter" || fail "the waiter failed"
[ -e ran ] || fail "the waiter did not run"
grep -q "^file-lock: f: waiting: locked by sh (pid $wrapper, client cursor)" \
	told || fail "$(cat told)"
[ "$(wc -l <told)" -eq 1 ] || fail "$(cat told)"
finish
