#!/bin/sh
# SPDX-License-Identifier: MIT
# --in-place keeps the inode, locks the file itself too, and reads all of its
# input before it touches the file.
. "${SRCDIR:?}/tests/lib.sh"
need flock

echo 'an old and longer content' >f
inode=$(stat -c %i f)
expect 0 atomic-write f --in-place --content new
same f new
[ "$(stat -c %i f)" = "$inode" ] || fail "another inode"
[ "$(wc -c <f)" -eq 4 ] || fail "not shortened: $(wc -c <f) bytes"
expect 1 atomic-write f --in-place -- sh -c 'echo half; exit 1'
expect 1 atomic-write f --in-place </dev/null
same f new
expect 0 atomic-write f --in-place --mode 604 --content newer
[ "$(stat -c %i:%a f)" = "$inode:604" ] || fail "$(stat -c %i:%a f)"
expect 0 atomic-write made --in-place --content x
same made x

mkfifo go
flock f sh -c ': >held; cat go' &
pids="$pids $!"
poll [ -e held ] || trouble "flock did not start"
expect 75 atomic-write f --in-place -t 0.1 --content busy
err_has 'f: ' flock
same f newer
: >go
wait
expect 0 atomic-write f --in-place --content free
same f free

# In a directory where nothing can be made.
mkdir closed
echo old >closed/f
chmod 666 closed/f
chmod 555 closed
need setpriv
chmod 777 .
expect 0 as_other atomic-write closed/f --in-place -L lock --content new
same closed/f new
finish
