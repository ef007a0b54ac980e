#!/bin/sh
# SPDX-License-Identifier: MIT
# TERM and HUP to the wrapper alone reach the command, and the lock is held
# until the command is gone.
. "${SRCDIR:?}/tests/lib.sh"

cat >body <<'END'
trap ': >got' "$1"
: >ready
until [ -e got ]; do sleep 0.01; done
: >handling
until [ -e go ]; do sleep 0.01; done
exit 9
END
# INT is not tried: a shell without job control starts background jobs with it
# ignored.
for signal in HUP TERM USR1 USR2; do
	! signal_ignored "$signal" || continue
	rm -f got ready handling go
	file-lock with f -- sh body "$signal" &
	wrapper=$!
	pids="$pids $wrapper"
	poll [ -e ready ] || trouble "the command did not start"
	kill -"$signal" "$wrapper"
	poll [ -e handling ] || fail "$signal did not reach the command"
	expect 75 file-lock with f -n -- true
	kill -0 "$wrapper" || fail "$signal ended the wrapper"
	: >go
	status=0
	wait "$wrapper" || status=$?
	[ "$status" -eq 9 ] || fail "$signal: status $status"
	expect 0 file-lock with f -n -- true
done

# A command that the signal ends.
rm -f ready
# shellcheck disable=SC2016
file-lock with f -- sh -c ': >ready; exec sleep 60' &
wrapper=$!
pids="$pids $wrapper"
poll [ -e ready ] || trouble "the command did not start"
kill -TERM "$wrapper"
status=0
wait "$wrapper" || status=$?
[ "$status" -eq 143 ] || fail "status $status, not 143"
expect 0 file-lock with f -n -- true
same f.lock ''
finish
