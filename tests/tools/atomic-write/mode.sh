#!/bin/sh
# SPDX-License-Identifier: MIT
# A new file has 0666 less the umask, an existing one keeps its mode, --mode
# says otherwise.
. "${SRCDIR:?}/tests/lib.sh"

# mode_is MODE FILE
mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ] ||
		fail "$2 has mode $(stat -c %a "$2"), not $1"
}
umask 027
expect 0 atomic-write f --content x
mode_is 640 f
for mode in 600 666 444 4755 2750 0; do
	chmod $mode f
	expect 0 atomic-write f --content x
	mode_is $mode f
done
expect 0 atomic-write f --mode 604 --content x
mode_is 604 f
umask 077
expect 0 atomic-write g --mode 666 --content x
mode_is 666 g
expect 0 atomic-write h --mode 640 --append --content x
mode_is 640 h
expect 0 atomic-write i --mode 640 --append --lines --content x
mode_is 640 i
for mode in 888 rw 10000 '' -1; do
	expect 2 atomic-write f --mode "$mode" --content y
done
same f x
finish
