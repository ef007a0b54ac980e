#!/bin/sh
# SPDX-License-Identifier: MIT
# A signal while the input is awaited: dies of it, no temp, FILE as it was. One
# inherited as ignored does nothing.
. "${SRCDIR:?}/tests/lib.sh"

echo old >f
mkfifo input
# awaits PID: it sleeps, and is no shell any more: it waits for input.
awaits() {
	read -r _ comm state _ <"/proc/$1/stat" && [ "$comm" = '(atomic-write)' ] &&
		[ "$state" = S ]
}
for signal in TERM:143 INT:130 HUP:129 QUIT:131 USR1:138; do
	! signal_ignored "${signal%:*}" || continue
	atomic-write f <input &
	writer=$!
	pids="$pids $writer"
	exec 3>input
	echo half >&3
	poll awaits "$writer" || fail "it does not read"
	kill -"${signal%:*}" "$writer"
	exec 3>&-
	status=0
	wait "$writer" || status=$?
	# Shells start background jobs with INT and QUIT ignored.
	case $signal in
	INT:* | QUIT:*) [ "$status" -eq 0 ] || fail "$signal: $status" ;;
	*) [ "$status" -eq "${signal#*:}" ] || fail "$signal: $status" ;;
	esac
	[ "$status" -eq 0 ] || same f old
	echo old >f
done
only f f.lock input

# The command that it waits for is told as well.
atomic-write f -- sh -c 'echo $$ >pid; exec sleep 100' &
writer=$!
poll [ -s pid ] || fail "the command did not start"
kill -TERM "$writer"
status=0
wait "$writer" || status=$?
[ "$status" -eq 143 ] || fail "status $status, not 143"
kill -0 "$(cat pid)" 2>/dev/null && fail "the command is still there"
same f old

# A file size limit is an error like any other.
(
	ulimit -f 1 || exit 99
	head -c 100000 /dev/zero | atomic-write g 2>err
) && fail "more than the limit was written"
err_has 'g: ' 'File too large'
only f f.lock input pid
finish
