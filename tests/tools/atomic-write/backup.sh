#!/bin/sh
# SPDX-License-Identifier: MIT
# --backup keeps what FILE held, --backup=N what it held the last N times.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 atomic-write f --backup --content 1
only f f.lock
for n in 2 3; do
	expect 0 atomic-write f --backup --content "$n"
done
same f 3
same f.bak 2
only f f.lock f.bak
for n in 4 5 6 7; do
	expect 0 atomic-write f --backup=3 --content "$n"
done
same f.bak 6
same f.bak.1 5
same f.bak.2 4
only f f.lock f.bak f.bak.1 f.bak.2

# A planted link is replaced, not followed; a directory is refused.
echo precious >victim
rm f.bak
ln -s victim f.bak
expect 0 atomic-write f --backup --content 8
same victim precious
same f.bak 7
rm f.bak
mkdir f.bak
expect 1 atomic-write f --backup --content 9
err_has 'f: ' 'backup'
same f 8
rmdir f.bak

# Writes that keep the inode copy.
echo old >g
expect 0 atomic-write g --in-place --backup --content new
same g.bak old
expect 0 atomic-write g --append --backup --content more
same g.bak new
same g 'new
more'
finish
