#!/bin/sh
# SPDX-License-Identifier: MIT
# The new content is synced before it becomes FILE, the directory after; a made
# parent too; --no-sync syncs nothing.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

# steps COMMAND...: what it does to files, one a line.
steps() {
	strace -y -o trace "$@" || fail "status $?: $*"
	sed -n -e 's/^fsync([0-9]*<\(.*\)>.* = 0$/fsync \1/p' \
		-e 's/^renameat2*(.*) *= 0$/rename/p' \
		-e 's/^linkat(.*"f", AT_SYMLINK_FOLLOW) *= 0$/rename/p' \
		-e 's/^mkdirat(.*) *= 0$/mkdir/p' \
		-e 's/^flock(.*LOCK_UN.*/unlock/p' \
		-e 's/^flock(.*f\.lock>, LOCK_EX.*/lock/p' trace |
		sed -e "s|^fsync $PWD\$|fsync directory|" \
			-e "s|^fsync $PWD/[^ ]*|fsync temp|" \
			-e "s|^fsync /.*|fsync temp|"
}
# FILE missing, FILE there, FILE to be exactly what it was.
for options in '' '' --backup; do
	# shellcheck disable=SC2086 # options, or none
	steps atomic-write f $options --content new >got
	[ -z "$options" ] || sed -i '0,/rename/{/rename/d}' got
	printf '%s\n' 'fsync temp' lock rename unlock 'fsync directory' >wanted
	cmp -s got wanted || fail "$options: $(cat got)"
done
steps atomic-write f --no-sync --content newer >got
grep fsync got && fail "--no-sync: $(cat got)"
steps atomic-write f --if-changed --content newer >got
grep -q rename got && fail "--if-changed: $(cat got)"
grep -qx 'fsync directory' got || fail "--if-changed: not synced: $(cat got)"
steps atomic-write d/e/f --content new >got
head -4 got >first
printf '%s\n' mkdir 'fsync directory' mkdir 'fsync temp' | cmp -s - first ||
	fail "parents: $(cat got)"
finish
