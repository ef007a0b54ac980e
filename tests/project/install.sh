#!/bin/sh
# SPDX-License-Identifier: MIT
# make install, the links in place of the old scripts, and make uninstall.
. "${SRCDIR:?}/tests/lib.sh"
need make

# A make of its own, not a part of the one that runs the tests.
unset MAKEFLAGS MFLAGS MAKELEVEL
stage=$work/stage
in_build() {
	make -s -C "$TOOLS" "$@" DESTDIR="$stage" prefix=/usr
}

expect 0 in_build install
for page in "$SRCDIR"/man/*.[0-9]; do
	[ -f "$page" ] || continue
	name=$(basename "$page")
	[ -f "$stage/usr/share/man/man${name##*.}/$name" ] ||
		fail "no page $name"
done
for source in "$SRCDIR"/tools/*.c; do
	[ -f "$source" ] || continue
	name=$(basename "$source" .c)
	expect 0 "$stage/usr/bin/$name" --version
done

all=yes
for name in file-lock atomic-write memory-update memory-read; do
	[ -f "$SRCDIR/tools/$name.c" ] || all=
done
if [ "$all" ]; then
	expect 0 in_build install-drop-in SCRIPTS="$work/my scripts"
	for name in file-lock atomic-write memory-update memory-read; do
		expect 0 "my scripts/$name.sh" --version
	done
	expect 0 in_build uninstall-drop-in SCRIPTS="$work/my scripts"
fi
expect 2 in_build install-drop-in SCRIPTS=
err_has 'SCRIPTS=DIR'

expect 0 in_build uninstall
left=$(find "$stage" ! -type d)
[ -z "$left" ] || fail "uninstall left $left"
finish
