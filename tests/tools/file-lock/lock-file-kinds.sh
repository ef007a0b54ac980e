#!/bin/sh
# SPDX-License-Identifier: MIT
# A symbolic link planted as FILE.lock is not followed, what is no regular file
# is refused, and somebody's data in it is locked but never changed.
. "${SRCDIR:?}/tests/lib.sh"

echo precious >elsewhere
ln -s elsewhere f.lock
expect 125 file-lock with f -- true
err_has 'f.lock' 'symbolic link' --lock-file
err_lines 1
expect 1 file-lock acquire f
ln -s missing g.lock
expect 125 file-lock with g --timeout 0 -- true
[ ! -e missing ] || fail "the link was followed"
same elsewhere precious
mkfifo h.lock
expect 125 file-lock with h --timeout 5 -- true
err_has 'h.lock' 'regular file'
for verb in status 'show .' 'cleanup . --remove'; do
	# shellcheck disable=SC2086 # two words
	run file-lock $verb h
done
[ -p h.lock ] || fail "the FIFO was removed"
[ -L f.lock ] || fail "the link was removed"
same elsewhere precious
only elsewhere f.lock g.lock h.lock

# Somebody's data.
for data in 'version = 3' 'PID: 1' "$(printf 'PID: 1\nACQUIRED: x\n\n')"; do
	echo "$data" >i.lock
	cksum i.lock >before
	expect 0 file-lock with i -- file-lock with i --timeout 0 -- true
	expect 0 file-lock with -s i -- true
	expect 0 file-lock with --scoped i -- true
	expect 0 file-lock with -j 3 i -- true
	id=$(file-lock acquire i --ttl 60)
	expect 1 file-lock status i
	expect 0 file-lock release "$id"
	id=$(file-lock acquire i --ttl 0.1)
	poll file-lock status i >status.out || fail "held after its time"
	expect 0 memory-update i '.' --init 0
	expect 0 file-lock show .
	expect 0 file-lock cleanup . --remove
	cksum i.lock | cmp -s - before || fail "changed to $(cat i.lock)"
done
if command -v flock >/dev/null; then
	expect 0 file-lock with i -- sh -c '! flock -n i.lock true'
fi
finish
