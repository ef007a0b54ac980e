#!/bin/sh
# SPDX-License-Identifier: MIT
# A lock file that is removed or replaced while COMMAND runs guards nothing any
# more: with says so, status 125, whatever COMMAND's was.
. "${SRCDIR:?}/tests/lib.sh"

for command in 'rm f.lock' 'rm f.lock; exit 3' 'mv f.lock old' \
	': >new; mv new f.lock'; do
	expect 125 file-lock with f -- sh -c "$command"
	err_has 'f.lock' 'was lost'
	err_lines 1
done
expect 125 file-lock with e f -- rm f.lock
err_has 'f.lock' 'was lost'
# A new lock that somebody has by now is left to them.
mkfifo go
expect 125 file-lock with --scoped f -- sh -c 'rm -f f.lock
	env -u FILE_LOCK_HELD file-lock with f -- sh -c ": >held; read -r word <go" \
		>/dev/null 2>&1 &
	until [ -e held ]; do sleep 0.01; done'
expect 75 file-lock with f --timeout 0 -- true
echo >go
expect 0 file-lock with f --timeout 10 -- true
# Touched or renamed along with its directory, it is the same.
mkdir d
expect 0 file-lock with d/f -- mv d e2
expect 0 file-lock with f -- touch f.lock
expect 0 file-lock with --scoped f -- file-lock with f -- true
finish
