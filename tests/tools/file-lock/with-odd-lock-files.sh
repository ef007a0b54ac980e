#!/bin/sh
# SPDX-License-Identifier: MIT
# What may stand at FILE.lock: nothing of it is changed.
. "${SRCDIR:?}/tests/lib.sh"

mkdir f.lock
expect 75 file-lock with f -n -- true
err_has 'f: locked by another program' 'lock file exists'
expect 75 file-lock with f -t 0.05 -- true
expect 1 file-lock status f
rmdir f.lock

mkfifo f.lock
expect 125 file-lock with f -t 10 -- true
err_has f.lock 'not a regular file' --lock-file
err_lines 1
expect 1 file-lock status f
[ -p f.lock ] || fail "the FIFO is gone"
rm f.lock

echo mine >victim
ln -s victim f.lock
expect 125 file-lock with f -t 10 -- true
err_has f.lock 'symbolic link' --lock-file
err_lines 1
ln -sf nothing f.lock
expect 125 file-lock with f -t 10 -- true
[ ! -e nothing ] || fail "the link was followed"
same victim mine
rm f.lock

printf 'some data' >f.lock
expect 0 file-lock with f -- cat f.lock
out_is 'some data'
expect 0 file-lock with f --scoped -- true
expect 0 file-lock cleanup --remove .
same f.lock 'some data'
rm f.lock

: >f.lock
chmod 000 f.lock
chmod 755 .
expect 125 as_other "$TOOLS/file-lock" with f -- true
err_has f.lock 'Permission denied' --lock-file
err_lines 1
rm -f f.lock
only victim
finish
