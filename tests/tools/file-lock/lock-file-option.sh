#!/bin/sh
# SPDX-License-Identifier: MIT
# -L/--lock-file: that file itself is the lock, for every verb that takes one.
. "${SRCDIR:?}/tests/lib.sh"

mkdir locks
expect 0 file-lock with f -L locks/mine -- ls locks
out_is mine
expect 0 file-lock with f --lock-file=locks/mine -- \
	file-lock with f -L locks/mine --timeout 0 -- echo nested
out_is nested
mkfifo go
file-lock with f -L locks/mine -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
expect 75 file-lock with other -L "$PWD/locks/mine" --timeout 0 -- true
expect 75 file-lock acquire f -L locks/mine --timeout 0
expect 1 file-lock status f -L locks/mine
expect 0 file-lock status f
expect 0 file-lock with f --timeout 0 -- true
if command -v flock >/dev/null; then
	expect 1 flock -n locks/mine true
fi
echo >go
wait
id=$(file-lock acquire f -L locks/mine)
expect 1 file-lock status f -L locks/mine
expect 0 file-lock release "$id"
id=$(file-lock acquire f -L locks/mine)
expect 0 file-lock release f -L locks/mine
expect 0 file-lock status f -L locks/mine
expect 1 file-lock release "$id" -L locks/mine
expect 125 file-lock with f -L missing/mine -- true
finish
