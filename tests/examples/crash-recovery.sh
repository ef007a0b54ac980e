#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 3: a killed holder's lock is free at once, before any cleanup.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash
link_scripts scripts
AICONFIG_PATH=$PWD
export AICONFIG_PATH

run bash "$SRCDIR/examples/crash-recovery"
[ "$status" -eq 137 ] || fail "the script was not killed: $status"
said() {
	grep -q "$1" out
}
poll said 'Lock acquired successfully after crash!' ||
	fail "the lock did not come free: $(cat out err)"
! said 'Stale locks cleaned' || fail "it was cleanup that freed the lock"
poll said 'Stale locks cleaned' || fail "cleanup did not end: $(cat out err)"
[ "$(sed "s|^\\(Lock acquired: $PWD/test-crash.json#\\)[0-9]*\$|\\1N|" out)" = \
	"Lock acquired: $PWD/test-crash.json#N
Attempting to acquire lock...
Lock acquired successfully after crash!
Stale locks cleaned" ] || fail "$(cat out)"
# It waited for over a second, so it said for whom; and nothing was stale. (The
# shell may add a word of its own on what was killed.)
[ "$(sed '/Killed/d; s/pid [0-9]*/pid N/; s/since .*/since T/' err)" = \
	"file-lock: $PWD/test-crash.json: waiting: locked by bash (pid N) since T
[INFO] Checking for stale locks in: $PWD
[OK] Cleaned 0 stale lock(s)" ] || fail "$(cat err)"
finish
