#!/bin/sh
# SPDX-License-Identifier: MIT
# The old length is on disk before the first byte is written, the piece before
# the note of it goes.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

echo old >log
strace -y -o trace atomic-write log --append --content new || fail "status $?"
sed -n -e 's/^fsync([0-9]*<\(.*\)>.* = 0$/fsync \1/p' \
	-e 's/^write([0-9]*<.*\/log>.*/write log/p' \
	-e 's/^linkat(.*interlock-append.*/note/p' \
	-e 's/^renameat.*interlock-append.*/note/p' \
	-e 's/^unlinkat(.*interlock-append.*/forget/p' trace |
	sed -e "s|^fsync $PWD\$|fsync directory|" -e "s|$PWD/||" \
		-e 's/^fsync [#.].*/fsync record/' -e 's/^fsync \/.*/fsync record/' \
		>steps
printf '%s\n' 'fsync record' note 'fsync directory' 'write log' 'fsync log' \
	forget >wanted
cut -d' ' -f1,2 steps | grep -A5 -x 'fsync record' | tail -6 >got
cmp -s got wanted || fail "$(cat steps)"
finish
