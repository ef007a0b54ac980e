#!/bin/sh
# SPDX-License-Identifier: MIT
# Two mount and pid namespaces (containers) that share the directory exclude
# each other, both ways, though neither sees the other's processes.
. "${SRCDIR:?}/tests/lib.sh"
need unshare
contain() {
	unshare --mount --pid --fork --mount-proc "$@"
}
contain true 2>err || skip "unshare: $(cat err)"

mkfifo go
# Held in a container.
contain file-lock with f -- sh -c ': >held1; read -r word <go' &
pids="$pids $!"
poll [ -e held1 ] || trouble "with did not start"
expect 75 file-lock with f --timeout 0 -- true
err_has 'f: locked by'
expect 1 file-lock status f
expect 75 contain file-lock with f --timeout 0 -- true
err_has 'f: locked by'
# Its pid means somebody else there, and is not named.
expect 1 contain file-lock status f
out_is 'locked by a process that cannot be seen from here'
expect 0 contain file-lock show .
grep -q 'Status: ACTIVE (the process cannot be seen from here)' out ||
	fail "show: $(cat out)"
expect 0 contain file-lock cleanup .
err_has 'Cleaned 0'
echo >go
wait

# Held outside, wanted in a container.
file-lock with f -- sh -c ': >held2; read -r word <go' &
pids="$pids $!"
poll [ -e held2 ] || trouble "with did not start"
expect 75 contain file-lock with f --timeout 0 -- true
expect 75 contain memory-update f 1 --init 0 --timeout 0
echo >go
wait
expect 0 contain file-lock with f --timeout 0 -- true

# A claim of ours is worth nothing there, unless the descriptor came along.
echo 0 >f
expect 0 file-lock with f -- unshare --mount --pid --fork --mount-proc \
	memory-update f '. += 1' --timeout 0
same f 1

# A keeper in a container ends with it.
contain sh -c 'id=$(file-lock acquire f); file-lock status f' >out 2>err
grep -q '^locked by sh ' out || fail "acquire there: $(cat out err)"
expect 0 file-lock with f --timeout 5 -- true

# Updates from both sides, none lost.
i=0
while [ $i -lt 10 ]; do
	contain memory-update f '. += 1' --no-sync &
	memory-update f '. += 1' --no-sync &
	i=$((i + 1))
done
wait
same f 21
finish
