#!/bin/sh
# SPDX-License-Identifier: MIT
# --slots N: up to N holders at once and never more, though they come in crowds;
# a plain exclusive lock keeps them all out.
. "${SRCDIR:?}/tests/lib.sh"

mkdir inside
cat >worker <<'SCRIPT'
mkdir "inside/$$"
ls inside | wc -l >>counts
sleep 0.01
rmdir "inside/$$"
SCRIPT
i=0
while [ $i -lt 30 ]; do
	file-lock with f -j 3 --timeout 30 -- sh worker >>said 2>&1 &
	i=$((i + 1))
done
wait
! grep -v ': waiting: ' said || fail "see above"
[ "$(wc -l <counts)" -eq 30 ] || fail "$(wc -l <counts) of 30 ran"
most=$(sort -n counts | tail -n 1)
[ "$most" -le 3 ] || fail "$most at once, not 3"

# That there can be as many as N:
# two hold two of two: the third is refused, but not by a larger count.
mkfifo go1 go2
for n in 1 2; do
	file-lock with f --slots 2 -- sh -c ": >held$n; read -r word <go$n" &
	pids="$pids $!"
	poll [ -e "held$n" ] || trouble "with did not start"
done
expect 75 file-lock with f --slots=2 --timeout 0 -- true
err_has 'f: locked by sh (pid'
expect 75 file-lock with f --slots=2 --timeout 0.2 -- true
expect 0 file-lock with f --slots=3 --timeout 0 -- true
expect 75 file-lock with f --timeout 0 -- true
# A reader is no slot's holder.
expect 0 file-lock with -s f --timeout 0 -- true
# A free slot goes to who waits for it.
file-lock with f -j 2 -- sh -c ': >third' &
waiter=$!
pids="$pids $waiter"
waits() {
	grep -q '"waiters":1}' out || {
		file-lock status f --json >out
		false
	}
}
poll waits || fail "not one waiter: $(cat out)"
[ ! -e third ] || fail "three at once"
echo >go1
poll [ -e third ] || fail "the waiter did not get the free slot"
wait "$waiter" || fail "the waiter failed"
echo >go2
wait

# The exclusive lock keeps slots out, and they it.
file-lock with f -- sh -c ': >alone; read -r word <go1' &
pids="$pids $!"
poll [ -e alone ] || trouble "with did not start"
expect 75 file-lock with f -j 2 --timeout 0 -- true
expect 75 file-lock with f -j 2 --timeout 0.2 -- true
echo >go1
wait

# acquire takes a slot, too; nested it needs none.
id=$(file-lock acquire f -j 1) || fail "acquire -j failed"
expect 0 file-lock release "$id"
expect 0 file-lock with f -- file-lock with f -j 1 -- true
expect 0 file-lock with f -j 1 --timeout 0 -- true
expect 0 file-lock status f
finish
