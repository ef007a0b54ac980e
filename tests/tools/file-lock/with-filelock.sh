#!/bin/sh
# SPDX-License-Identifier: MIT
# Python's filelock on FILE.lock keeps file-lock out and is kept out by it; its
# SoftFileLock, whose lock is that the file exists, keeps file-lock out too.
. "${SRCDIR:?}/tests/lib.sh"
need_python filelock

mkfifo go
"$python" - <<'END' &
import filelock
with filelock.FileLock("f.lock"):
    open("held", "w").close()
    open("go").read()
END
pids="$pids $!"
poll [ -e held ] || trouble "filelock did not lock"
expect 75 file-lock with f -n -- true
err_has 'python'
expect 1 file-lock status f
: >go
wait
expect 0 file-lock with f -n -- true

expect 0 file-lock with f -- "$python" -c '
import filelock
try:
    filelock.FileLock("f.lock", timeout=0.1).acquire()
except filelock.Timeout:
    print("kept out")
'
out_is 'kept out'
expect 0 "$python" -c '
import filelock
with filelock.FileLock("f.lock", timeout=0.1):
    print("got in")
'
out_is 'got in'

# As its newer versions write it: pid and host.
printf '%s\n%s\n' $$ here >g.lock
expect 75 file-lock with g -n -- true
err_has "pid $$" 'the lock file exists'
expect 1 file-lock status g
rm g.lock
expect 0 file-lock with g -n -- true
finish
