#!/bin/sh
# SPDX-License-Identifier: MIT
# A symbolic link stays one; a file with other hard links is refused.
. "${SRCDIR:?}/tests/lib.sh"

mkdir real
echo old >real/f
ln -s real/f one
ln -s one two
expect 0 atomic-write two --content new
for link in one two; do
	[ -L $link ] || fail "$link was replaced"
done
same real/f new
[ -e real/f.lock ] || fail "the lock is not beside the real file"
[ "$(ls -A real)" = 'f
f.lock' ] || fail "left over: $(ls -A real)"

ln real/f hard
expect 1 atomic-write two --content newer
err_has 'two: ' 'hard links' '--in-place'
same hard new
expect 0 atomic-write two --in-place --content newer
same hard newer
expect 0 atomic-write two --append --content more
same hard 'newer
more'
finish
