#!/bin/sh
# SPDX-License-Identifier: MIT
# The command runs under the lock: nobody else gets in meanwhile.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
mkfifo go
memory-update f.json --pipe -- sh -c 'cat go; : >started; cat go' &
pids="$pids $!"
printf '' >go
poll [ -e started ] || trouble "the command did not start"
expect 75 memory-update f.json -t 0.1 3
err_has 'memory-update'
echo 2 >go
wait
same f.json 2
finish
