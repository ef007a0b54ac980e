#!/bin/sh
# SPDX-License-Identifier: MIT
# What cannot be run or was not meant: the contract's status, and one line that
# says what to do.
. "${SRCDIR:?}/tests/lib.sh"

expect 2 file-lock with f git checkout
err_has "file-lock with f -- git checkout" Try
expect 2 file-lock with f git checkout -b new --force
err_has "file-lock with f -- git checkout -b new --force"
expect 2 file-lock with f -n grep -r x
err_has "'--'"
expect 2 file-lock with f
err_has "file-lock with f -- COMMAND"
expect 2 file-lock with f --
err_has COMMAND
expect 2 file-lock with -- true
err_has FILE
expect 2 file-lock with
expect 2 file-lock wiht f -- true
err_has wiht with
expect 2 file-lock
only

expect 127 file-lock with f -- no-such-command
err_has no-such-command
err_lines 1
expect 127 file-lock with f -- ./no/such/command
mkdir closed
chmod 0 closed
chmod 777 .
# What stands in a directory that may not be searched is not found.
PATH=$PATH:$PWD/closed expect 127 as_other file-lock with f -- no-such-command
err_has no-such-command 'not found'
echo text >text
expect 126 file-lock with f -- ./text
err_has ./text
err_lines 1
expect 126 file-lock with f -- .
err_lines 1
expect 0 file-lock status f

for bad in --shred -E --slots=0 --slots=x --slots=1001 -E256 -Ex --timeout=x \
	--force --ttl=3 --owner=1 --json --watch --remove; do
	expect 2 file-lock with f "$bad" -- true
done
finish
