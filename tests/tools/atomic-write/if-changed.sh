#!/bin/sh
# SPDX-License-Identifier: MIT
# --if-changed leaves an equal file alone: inode and mtime.
. "${SRCDIR:?}/tests/lib.sh"

echo data >f
touch -d '2020-01-01 00:00:00' f
ls -li --time-style=full-iso f >before
expect 0 atomic-write f --if-changed --content data
ls -li --time-style=full-iso f >after
cmp -s before after || fail "it was touched: $(cat before after)"
expect 0 atomic-write f --if-changed -v --content data
err_has 'Unchanged'
expect 0 atomic-write f --if-changed --content dato
same f dato
expect 0 atomic-write f --if-changed --content longer
same f longer
expect 0 atomic-write new --if-changed --content data
same new data
head -c 200000 /dev/zero >big
cp big bigger
printf x >>bigger
atomic-write big --if-changed <bigger || fail "status $?"
cmp -s big bigger || fail "one byte more was not seen"
only f f.lock new new.lock before after big big.lock bigger
finish
