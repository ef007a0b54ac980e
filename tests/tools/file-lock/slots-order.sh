#!/bin/sh
# SPDX-License-Identifier: MIT
# Who waits for a slot is served in order of arrival, though several slots may
# come free; and exclusive takers among them have their turn.
. "${SRCDIR:?}/tests/lib.sh"

mkfifo go1 go2
for n in 1 2; do
	file-lock with f -j 2 -- sh -c ": >held$n; read -r word <go$n" &
	pids="$pids $!"
	poll [ -e "held$n" ] || trouble "with did not start"
done
waits() {
	file-lock status f --json | grep -q "\"waiters\":$1}"
}
n=1
while [ $n -le 12 ]; do
	# Each lets the next one in by its end; the order is that of starting.
	file-lock with f -j 2 --timeout 30 -- sh -c "echo $n >>order" \
		2>/dev/null &
	pids="$pids $!"
	poll waits "$n" || trouble "waiter $n does not wait"
	n=$((n + 1))
done
echo >go1
served() {
	[ "$(wc -l <order)" -eq 12 ]
}
: >>order
poll served || fail "served: $(tr '\n' ' ' <order)"
sort -n order | cmp -s - order || fail "served as $(tr '\n' ' ' <order)"
# One slot is still taken: an exclusive taker waits, and those behind it do.
file-lock with f --timeout 30 -- sh -c 'echo alone >>order' 2>/dev/null &
pids="$pids $!"
poll waits 1 || trouble "the exclusive taker does not wait"
file-lock with f -j 2 --timeout 30 -- sh -c 'echo last >>order' 2>/dev/null &
pids="$pids $!"
poll waits 2 || trouble "the last does not wait"
echo >go2
wait
[ "$(tail -n 2 order | tr '\n' ' ')" = 'alone last ' ] ||
	fail "served: $(tr '\n' ' ' <order)"
finish
