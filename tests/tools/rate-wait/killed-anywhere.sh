#!/bin/sh
# SPDX-License-Identifier: MIT
# Killed at each of its system calls, while it makes STATE and while it waits:
# STATE stays valid or is not there, nothing else is left, and at most the
# victim's own token is gone.
. "${SRCDIR:?}/tests/lib.sh"
need strace

ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
export ASAN_OPTIONS

# calls: NAME K for each system call that rate-wait makes.
calls() {
	strace -f -o trace rate-wait limiter "$@" >/dev/null 2>&1
	awk '{ sub(/\(.*/, "", $2) }
	$2 ~ /^[a-z_0-9]+$/ && $2 != "execve" && $2 != "exit_group" {
		print $2, ++n[$2]
	}' trace >calls
	[ -s calls ] || skip "strace does not work here"
}

# killed_at NAME K ARG...; the shell's word about it goes nowhere.
killed_at() {
	name=$1
	when=$2
	shift 2
	(
		strace -f -o trace -e "inject=$name:signal=KILL:when=$when" \
			rate-wait limiter "$@" >/dev/null 2>&1
		true
	) 2>/dev/null
}

# available: how many tokens there are.
available() {
	rate-wait limiter --status --json 2>err |
		sed 's/.*"available":\([0-9]*\).*/\1/'
}

# While it makes STATE.
calls --rate 1/d --burst 5
kills=0
while read -r call k; do
	rm -f limiter
	killed_at "$call" "$k" --rate 1/d --burst 5
	kills=$((kills + 1))
	left=$(available)
	[ "${left:-0}" -ge 4 ] || fail "$call $k: $left tokens, $(cat err)"
	only limiter trace "calls"
done <calls
[ "$kills" -gt 20 ] || trouble "only $kills calls"

# While it takes a token that is there.
rm -f limiter
rate-wait limiter --rate 1/d --burst 1000 --status >/dev/null
rate-wait limiter --rate 1/d --burst 1000 || trouble "no state"
calls
before=$(available)
while read -r call k; do
	killed_at "$call" "$k"
	left=$(available)
	case $((before - left)) in
	0 | 1) ;;
	*) fail "$call $k: $left tokens of $before, $(cat err)" ;;
	esac
	before=$left
done <calls

# While it waits, at the calls of which that has more.
mv calls before_waiting
rm -f limiter
rate-wait limiter --rate 20/s --burst 1 || trouble "no state"
waits() {
	rate-wait limiter
	calls
	grep -q ppoll calls
}
poll waits || trouble "it does not wait"
kills=0
grep -vxF -f before_waiting calls >more_calls
while read -r call k; do
	killed_at "$call" "$k"
	kills=$((kills + 1))
	expect 0 rate-wait limiter -t 1 || fail "$call $k"
done <more_calls
[ "$kills" -ge 8 ] || trouble "only $kills calls more"
only limiter trace calls more_calls before_waiting
finish
