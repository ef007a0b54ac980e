#!/bin/sh
# SPDX-License-Identifier: MIT
# What acquire is asked that cannot be: each with the contract's status and one
# line; and owners that are named.
. "${SRCDIR:?}/tests/lib.sh"

expect 3 file-lock acquire missing/f
err_has missing/f
err_lines 1
mkfifo fifo
expect 1 file-lock acquire fifo
err_has fifo
err_lines 1
for ttl in 0 x -1 ''; do
	expect 2 file-lock acquire f --ttl "$ttl"
	err_has --ttl
done
for owner in 0 -5 x 1.5 99999999999 ''; do
	expect 2 file-lock acquire f --owner "$owner"
	err_has --owner
done
for extra in --until-closed --force --json --watch --remove --no-lock; do
	expect 2 file-lock acquire f "$extra"
	err_has "$extra" acquire
done
expect 2 file-lock acquire
expect 2 file-lock acquire f g
only fifo

# A process that is no more.
sh -c 'exit' &
gone=$!
wait "$gone"
expect 1 file-lock acquire f --owner "$gone"
err_has "$gone"
err_lines 1
if [ "$(id -u)" -eq 0 ]; then
	mkdir shared
	chmod 777 shared
	expect 1 as_other file-lock acquire shared/f --owner $$
else
	expect 1 file-lock acquire f --owner 1
fi
err_has "another user's"
err_lines 1
expect 0 file-lock status f

# The owner that is named, and no other, ends it.
sleep 60 &
owner=$!
pids="$pids $owner"
id=$(sh -c 'file-lock acquire f --owner "$1"' sh "$owner")
expect 1 file-lock status f
out_is "$(cat out)"
grep -q '^locked by sleep (pid ' out || fail "$(cat out)"
# The one who names it is not its descendant, and is kept out.
expect 75 file-lock acquire f --timeout 0
err_has 'f: locked by sleep' since
kill "$owner"
unlocked() {
	file-lock status f >out
}
poll unlocked || fail "held after the owner's end"
expect 1 file-lock release "$id"
err_has 'is not held'

# An ID that nobody takes is no lock.
if [ -w /dev/full ]; then
	status=0
	file-lock acquire f >/dev/full 2>err || status=$?
	[ "$status" -ne 0 ] || fail "acquire to /dev/full succeeded"
	expect 0 file-lock status f
	expect 1 sh -c 'exec file-lock acquire f >&-'
	expect 0 file-lock status f
fi
finish
