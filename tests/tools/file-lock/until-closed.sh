#!/bin/sh
# SPDX-License-Identifier: MIT
# --until-closed: the lock lives as long as anything that COMMAND left behind,
# as with flock(1); without it, as long as COMMAND.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo go
unlocked() {
	file-lock with f --timeout 0 -- true 2>/dev/null
}
daemon='(read -r word <go) >/dev/null 2>&1 & :'
expect 0 file-lock with --until-closed f -- sh -c "$daemon"
expect 75 file-lock with f --timeout 0 -- true
err_has 'f: locked by sh (pid'
expect 1 file-lock status f
expect 75 file-lock with f --timeout 0.1 --slots 3 -- true
echo >go
poll unlocked || fail "held after the daemon's end"

expect 0 file-lock with f -- sh -c "$daemon"
expect 0 file-lock with f --timeout 0 -- true
echo >go

# A slot likewise.
expect 0 file-lock with --until-closed f -j 1 -- sh -c "$daemon"
expect 75 file-lock with f -j 1 --timeout 0 -- true
expect 0 file-lock with f -j 2 --timeout 0 -- true
echo >go
poll unlocked || fail "held after the daemon's end"
finish
