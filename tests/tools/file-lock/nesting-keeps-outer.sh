#!/bin/sh
# SPDX-License-Identifier: MIT
# Whatever runs under a lock, and however it takes it, the outer lock stays what
# it was: exclusive, and held until its own end.
. "${SRCDIR:?}/tests/lib.sh"

echo 0 >f
mkfifo go ended
# Each line is a step of the holder; after each, an outsider looks.
file-lock with f -- sh -c '
	while read -r step <go; do
		[ "$step" ] || break
		sh -c "$step" >step.out 2>&1
		echo "$?" >ended
	done' &
pids="$pids $!"
for step in 'memory-read f' 'memory-update f ". += 1"' \
	'file-lock with f -- true' 'file-lock with -s f -- true' \
	'file-lock with --until-closed f -- true' \
	'file-lock release "$(file-lock acquire f)"' \
	'file-lock release "$(file-lock acquire -s f)"' \
	'file-lock with -j 2 f -- true' \
	'file-lock with --scoped f -- true' 'file-lock status f; file-lock show' \
	'file-lock cleanup . --remove' 'flock -n f.lock true; test $? = 1' \
	'echo x | atomic-write f'; do
	echo "$step" >go
	read -r result <ended
	case $step:$result in
	*status*:* | *:0) ;;
	*) fail "$step: status $result: $(cat step.out)" ;;
	esac
	for kind in -x -s; do
		expect 75 file-lock with "$kind" f --timeout 0 -- \
			echo "got in after $step"
	done
done
echo >go
wait
expect 0 file-lock with f --timeout 1 -- true
finish
