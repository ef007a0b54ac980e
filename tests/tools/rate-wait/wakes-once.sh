#!/bin/sh
# SPDX-License-Identifier: MIT
# Nobody polls: each of forty waiters sleeps once, and once more only where
# somebody came late.
. "${SRCDIR:?}/tests/lib.sh"
need strace

ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
export ASAN_OPTIONS
waiters=${RATE_WAITERS:-40}
expect 0 rate-wait limiter --rate 40/s --burst 1
# All have come before the first may leave, however long starting them takes.
expect 0 rate-wait limiter --penalty 3
: >workers
n=0
while [ "$n" -lt "$waiters" ]; do
	printf 'rate-wait limiter &\n' >>workers
	n=$((n + 1))
done
echo wait >>workers
strace -f --seccomp-bpf -o trace -e trace=ppoll sh workers 2>err ||
	skip "strace: $(cat err)"
grep -q ppoll trace || skip "strace sees nothing"
# A process of which there is no trace found its token ready.
awk '/ppoll\(/ { sleeps[$1]++; all++ }
END {
	for (pid in sleeps)
		if (sleeps[pid] > most)
			most = sleeps[pid]
	print all, most
}' trace >counts
read -r all most <counts
note "$waiters waiters, $all sleeps, at most $most each"
[ "$most" -le 3 ] || fail "one slept $most times"
[ "$all" -le $((waiters * 2)) ] || fail "$all sleeps of $waiters waiters"
[ "$all" -ge $((waiters / 2)) ] || fail "only $all sleeps"
finish
