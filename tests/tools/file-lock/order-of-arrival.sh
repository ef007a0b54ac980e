#!/bin/sh
# SPDX-License-Identifier: MIT
# Fifty waiters are served in the order in which they came, and each wakes only
# when it is its turn: fifty hand-overs make some wake-ups a waiter, however
# many wait.
. "${SRCDIR:?}/tests/lib.sh"
[ -r /proc/locks ] || skip "no /proc/locks"

mkfifo go
file-lock with f -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
# waits N: so many wait for f by now. A look at a list that changes meanwhile
# may be wrong; three in a row are not.
inode=$(stat -c %i f.lock)
waits() {
	for _ in 1 2 3; do
		[ "$(grep -c -- "->.*:$inode " /proc/locks)" -eq "$1" ] ||
			return
	done
}

# Each tells, when it has the lock, how often its waiter has slept till then.
cat >turn <<'SCRIPT'
echo "$1" >>order
sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' "/proc/$PPID/status" >>switches
SCRIPT
n=1
while [ $n -le 50 ]; do
	file-lock with f --timeout 60 -- sh turn "$n" 2>/dev/null &
	pids="$pids $!"
	poll waits "$n" || trouble "waiter $n does not wait"
	n=$((n + 1))
done
echo >go
wait
[ "$(wc -l <order)" -eq 50 ] || fail "$(wc -l <order) of 50 were served"
sort -n order | cmp -s - order || fail "served as $(tr '\n' ' ' <order)"
# Start-up, the turnstile, the lock, the thread that would tell: some ten.
# Woken at each hand-over, the last would have slept fifty times.
most=$(sort -n switches | tail -n 1)
sum=$(awk '{ sum += $1 } END { print sum }' switches)
note "sleeps of 50 waiters: $sum, of one at most $most"
[ "$sum" -le 600 ] || fail "50 waiters slept $sum times"
finish
