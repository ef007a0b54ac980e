#!/bin/sh
# SPDX-License-Identifier: MIT
# flock(1) on FILE.lock keeps file-lock out, and file-lock keeps flock(1) out.
. "${SRCDIR:?}/tests/lib.sh"
need flock

mkfifo go
# held_by COMMAND...: it holds until something is written to go.
held_by() {
	rm -f held
	"$@" sh -c ': >held; read -r line <go' &
	holder=$!
	pids="$pids $holder"
	poll [ -e held ] || trouble "$1 did not start"
}
let_go() {
	echo >go
	wait "$holder"
}

held_by flock f.lock
expect 75 file-lock with f -n -- true
err_has "flock (pid $holder)"
expect 75 file-lock with f -s -n -- true
expect 1 file-lock status f
let_go
expect 0 file-lock with f -n -- true

held_by flock -s f.lock
expect 75 file-lock with f -n -- true
expect 0 file-lock with f -s -n -- true
let_go

held_by file-lock with f --
expect 1 flock -n f.lock true
expect 1 flock -s -n f.lock true
let_go
expect 0 flock -n f.lock true

held_by file-lock with f -s --
expect 1 flock -n f.lock true
expect 0 flock -s -n f.lock true
let_go

# By a shell's descriptor: flock itself has ended, the shell holds.
(
	flock 9
	: >shell
	cat go >/dev/null
) 9>f.lock &
holder=$!
pids="$pids $holder"
poll [ -e shell ] || trouble "the shell did not lock"
expect 75 file-lock with f -n -- true
err_has 'locked by'
let_go
expect 0 file-lock with f -n -- true
finish
