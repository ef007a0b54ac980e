#!/bin/sh
# SPDX-License-Identifier: MIT
# What is about the file, not its content, stays: links to it, its mode.
. "${SRCDIR:?}/tests/lib.sh"

mkdir real
echo 1 >real/f.json
chmod 640 real/f.json
ln -s real/f.json one
ln -s ../"$(basename "$PWD")"/one two
expect 0 memory-update two 2
[ -L two ] || fail "two was replaced"
[ -L one ] || fail "one was replaced"
same real/f.json 2
[ -n "$(find real/f.json -perm 640)" ] || fail "not mode 640"
[ -e real/f.json.lock ] || fail "the lock is not beside the real file"

ln real/f.json hard
expect 1 memory-update real/f.json 3
err_has 'hard links' '--in-place'
same hard 2
expect 0 memory-update real/f.json 3 --in-place
same hard 3
only real one two hard
finish
