#!/bin/sh
# SPDX-License-Identifier: MIT
# A thousand pairs that name two files in opposite orders never block each
# other: both are taken in one order, whatever was typed.
. "${SRCDIR:?}/tests/lib.sh"

mkdir a b
cat >many <<'SCRIPT'
i=0
while [ $i -lt 250 ]; do
	file-lock with "$1" "$2" --timeout 30 -- true 2>/dev/null ||
		echo "$1 $2: $?"
	i=$((i + 1))
done
SCRIPT
for order in 'a/f b/f' 'b/f a/f' 'b/f b/g' 'b/g b/f' \
	'a/f b/g' 'b/g a/f' 'a/f a/g' 'a/g a/f'; do
	# shellcheck disable=SC2086 # two words
	sh many $order >>said &
	pids="$pids $!"
done
wait
[ ! -s said ] || fail "$(cat said)"
finish
