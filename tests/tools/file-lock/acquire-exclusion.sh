#!/bin/sh
# SPDX-License-Identifier: MIT
# Parts of one script that each acquire exclude each other: subshells, and the
# script and a loop that it started before.
. "${SRCDIR:?}/tests/lib.sh"

cat >subshells.sh <<'SCRIPT'
work() {
	for i in 1 2 3 4 5 6 7 8; do
		ID=$(file-lock acquire f) || exit
		read -r n <n
		mkdir inside || echo "two are inside"
		echo $((n + 1)) >n
		rmdir inside
		file-lock release "$ID" || exit
	done
}
echo 0 >n
( work ) &
( work ) &
( work ) &
wait
cat n
SCRIPT

# The loop was there before the lock: it is kept out like anybody, though it
# descends from the owner.
cat >loop.sh <<'SCRIPT'
(
	until [ -e go ]; do sleep 0.01; done
	file-lock with f --timeout 0 -- echo got in
	echo "loop: $?"
) &
ID=$(file-lock acquire f)
: >go
wait
file-lock with f --timeout 0 -- echo child got in
rm go
file-lock release "$ID"
SCRIPT

for shell in bash dash zsh ksh mksh 'busybox sh' yash; do
	command -v "${shell%% *}" >/dev/null 2>&1 || continue
	# shellcheck disable=SC2086 # "busybox sh" is two words
	said=$(timeout 60 $shell subshells.sh 2>err)
	[ "$said" = 24 ] || fail "$shell: $said $(cat err)"
	# shellcheck disable=SC2086
	said=$(timeout 60 $shell loop.sh 2>err)
	[ "$said" = 'loop: 75
child got in' ] || fail "$shell: $said $(cat err)"
	err_has 'f: locked by'
done
finish
