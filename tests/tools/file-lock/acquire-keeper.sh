#!/bin/sh
# SPDX-License-Identifier: MIT
# The keeper uses no processor time while it waits, has no descriptor but its
# own, little memory, and outlives the terminal.
. "${SRCDIR:?}/tests/lib.sh"
need_plain_build
[ -r /proc/self/smaps_rollup ] || skip "no /proc/PID/smaps_rollup"

# keeper FILE: the pid in its lock file.
keeper() {
	sed -n 's/^PID: //p' "$1.lock"
}

unlocked() {
	file-lock status f >status.out
}

: >others
exec 7<others
exec 8>messages
id=$(file-lock acquire f 2>said)
exec 7<&- 8>&-
pid=$(keeper f)
[ -d "/proc/$pid" ] || trouble "no keeper: $(cat said)"

# Standard descriptors and what was open in the caller: none of it. The lock
# file, the directory, the owner and its record are its own.
settled() {
	ls -l "/proc/$pid/fd" >fds
	! grep -q 'socket:' fds
}
poll settled || fail "the keeper holds on to acquire"
! grep -qE 'pipe:|others|messages|said|/dev/' fds || fail "keeper has $(cat fds)"
[ "$(grep -c -- '->' fds)" -le 4 ] || fail "keeper has $(cat fds)"

private=$(awk '/^Private_/ { sum += $2 } END { print sum }' \
	"/proc/$pid/smaps_rollup")
[ "$private" -lt 1024 ] || fail "keeper has $private KiB of its own"

# Asleep: it neither ran nor woke in a while.
switches() {
	sed -n 's/^voluntary_ctxt_switches:\t*//p' "/proc/$pid/status"
}
asleep() {
	grep -q '^State:.*sleeping' "/proc/$pid/status"
}
poll asleep || fail "the keeper does not sleep"
before=$(switches)
sleep 0.5
[ "$(switches)" = "$before" ] || fail "the keeper woke without a reason"

# Signals that a terminal or its end sends do not concern it.
kill -HUP "$pid" && kill -INT "$pid" && kill -QUIT "$pid"
[ "$(ps -o tty= -p "$pid" | tr -d ' ')" = '?' ] || fail "it has a terminal"
expect 1 file-lock status f
expect 0 file-lock release "$id"

# A terminal that goes away: its shell is hung up, a script in the background
# that ignores that holds its lock on.
if command -v script >/dev/null; then
	cat >on-terminal <<'SCRIPT'
trap '' HUP
id=$(file-lock acquire f)
: >held
until [ -e go ]; do sleep 0.01; done
file-lock status f >later
file-lock release "$id" 2>>later
: >end
SCRIPT
	script -qec 'sh on-terminal & until [ -e held ]; do sleep 0.01; done' \
		/dev/null >script.out 2>&1 </dev/null
	: >go
	poll [ -e end ] || fail "the script did not end: $(cat script.out)"
	grep -q '^locked by sh ' later || fail "lost with its terminal: $(cat later)"
	[ "$(wc -l <later)" -eq 1 ] || fail "$(cat later)"
fi
poll unlocked || fail "held in the end"
finish
