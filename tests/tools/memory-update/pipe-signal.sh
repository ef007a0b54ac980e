#!/bin/sh
# SPDX-License-Identifier: MIT
# TERM while a command runs: it ends too, and nothing is changed.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
# shellcheck disable=SC2016 # expanded by the inner shell
memory-update f.json --pipe -- sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 60' &
tool=$!
pids="$pids $tool"
poll [ -s pid ] || trouble "the command did not start"
kill -TERM "$tool"
wait "$tool"
status=$?
[ "$status" -eq 143 ] || fail "status $status, not death by TERM"
kill -0 "$(cat pid)" 2>/dev/null && fail "the command runs on"
same f.json 1
only f.json f.json.lock pid
finish
