#!/bin/sh
# SPDX-License-Identifier: MIT
# The deadline bounds a command that runs under the lock.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
# shellcheck disable=SC2016 # expanded by the inner shell
expect 75 memory-update f.json -t 0.2 --pipe -- sh -c 'echo $$ >pid; exec sleep 60'
err_has 'f.json: sh has not ended in time'
kill -0 "$(cat pid)" 2>/dev/null && fail "the command runs on"
same f.json 1
only f.json f.json.lock pid
# Nothing of it keeps the lock.
expect 0 memory-update f.json -t 0 2
finish
