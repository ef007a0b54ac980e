#!/bin/sh
# SPDX-License-Identifier: MIT
# acquire that is killed, at whichever of its system calls, before it has given
# its ID away leaves nothing held.
. "${SRCDIR:?}/tests/lib.sh"
need_plain_build
need strace
strace -o trace true 2>err || skip "strace cannot run: $(cat err)"

unlocked() {
	file-lock status f >status.out
}

run strace -o trace file-lock acquire f --owner $$
[ "$status" -eq 0 ] || trouble "strace: $(cat err)"
expect 0 file-lock release "$(cat out)"
calls=$(grep -c '^[a-z]' trace)
[ "$calls" -gt 30 ] || trouble "only $calls calls traced"

killed=0
for call in $(sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' trace | sort | uniq -c |
	awk '$2 != "exit_group" { for (i = 1; i <= $1; i++) print $2 ":" i }'); do
	run strace -o /dev/null -e "trace=${call%:*}" \
		-e "inject=${call%:*}:signal=KILL:when=${call#*:}" \
		file-lock acquire f --owner $$ --timeout 0
	[ "$status" -ne 137 ] || killed=$((killed + 1))
	if [ -s out ]; then
		# The ID is out: held or not, but release knows it.
		file-lock release "$(cat out)" 2>err || grep -q 'not held' err ||
			fail "$call: $(cat err)"
	fi
	poll unlocked || fail "held after being killed at $call"
done
[ "$killed" -gt 30 ] || skip "strace killed only $killed time(s)"
expect 0 file-lock with f --timeout 0 -- true
only f.lock trace status.out
finish
