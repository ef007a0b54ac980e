#!/bin/sh
# SPDX-License-Identifier: MIT
# A tool that runs under a lock uses it instead of waiting for itself: under
# with, under acquire, under both in either order, and two levels down.
. "${SRCDIR:?}/tests/lib.sh"
LOCK_TIMEOUT=0
export LOCK_TIMEOUT

echo 0 >f
add='. += 1'

# with
expect 0 file-lock with f -- memory-update f "$add"
same f 1
expect 0 file-lock with f -- sh -c 'memory-update f ". += 1"; :'
same f 2
expect 0 file-lock with f -- file-lock with f -- memory-update f "$add"
same f 3
expect 0 file-lock with f -- file-lock with f -- \
	sh -c 'file-lock with f -- memory-update f ". += 1"; :'
same f 4
# Beside another lock, each is known.
echo 0 >g
expect 0 file-lock with f -- file-lock with g -- sh -c '
	memory-update f ". += 1" && memory-update g ". += 1" &&
	file-lock with f g -- memory-update g ". += 1"'
same f 5
same g 2
# Shared in exclusive, and reading.
expect 0 file-lock with f -- file-lock with -s f -- memory-read f
out_is 5
expect 0 file-lock with -s f -- file-lock with -s f -- memory-read f
out_is 5
# By another name of the same file.
ln -s f link
expect 0 file-lock with link -- memory-update "$PWD/f" "$add"
same f 6

# acquire, and with under it
id=$(file-lock acquire f) || fail "acquire failed"
expect 0 memory-update f "$add"
expect 0 file-lock with f -- memory-update f "$add"
expect 0 file-lock with f -- sh -c 'file-lock with f -- memory-update f ". += 1"'
same f 9
(memory-update f "$add") || fail "update in a subshell: $(cat err)"
memory-update f "$add" | cat
same f 11
# A nested acquire's release ends the nesting only.
inner=$(file-lock acquire f) || fail "a nested acquire failed"
expect 0 file-lock release "$inner"
expect 1 file-lock status f
expect 0 memory-update f "$add"
expect 0 file-lock release "$id"
expect 0 file-lock status f
same f 12

# acquire under with
expect 0 file-lock with f -- sh -c '
	id=$(file-lock acquire f) &&
	memory-update f ". += 1" &&
	file-lock release "$id" &&
	memory-update f ". += 1" &&
	! file-lock status f'
same f 14
expect 0 file-lock status f

# Exclusive inside a shared one is refused, at once, and changes nothing.
expect 1 file-lock with -s f -- env LOCK_TIMEOUT=30 memory-update f "$add"
err_has f 'locked shared around this command'
expect 125 file-lock with -s f -- env LOCK_TIMEOUT=30 file-lock with f -- true
err_has f 'locked shared around this command'
id=$(file-lock acquire -s f)
LOCK_TIMEOUT=30 expect 1 memory-update f "$add"
err_has f 'locked shared around this command'
expect 0 file-lock with -s f -- memory-read f
expect 0 file-lock release "$id"
same f 14
only f f.lock g g.lock link
finish
