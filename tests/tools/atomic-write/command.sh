#!/bin/sh
# SPDX-License-Identifier: MIT
# COMMAND's output becomes FILE only if it exits with 0; how it failed is told.
. "${SRCDIR:?}/tests/lib.sh"

echo old >f
expect 0 atomic-write f -- printf 'new\n'
same f new
expect 1 atomic-write f -- sh -c 'echo half; exit 3'
err_has 'f: ' 'sh exited with status 3'
expect 1 atomic-write f -- sh -c 'echo half; kill -9 $$'
err_has 'killed by signal 9'
expect 1 atomic-write f -- no-such-command
err_has 'f: ' 'no-such-command cannot be run'
expect 1 atomic-write f -- ./
same f new
only f f.lock

# Its standard input is ours, its standard error too, and its options are its.
echo input | atomic-write f -- sh -c 'echo said >&2; cat' 2>err
same f input
err_is said
expect 0 atomic-write f --backup -- echo --content x
same f '--content x'

# It is not run inside the lock.
expect 1 atomic-write f -- atomic-write f.other -- sh -c \
	'atomic-write f -t 0 --content inner && echo outer'
same f.other outer

# What it leaves in the background is not waited for.
expect 0 atomic-write f -- sh -c 'sleep 100 & echo $!; exec >&-'
kill "$(cat f)" || fail "the background process is gone"
finish
