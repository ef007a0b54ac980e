#!/bin/sh
# SPDX-License-Identifier: MIT
# A filter that does not end can be interrupted.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
memory-update f.json '("running" | debug) as $x | def r: r; r' 2>said &
tool=$!
pids="$pids $tool"
poll [ -s said ] || trouble "the filter did not start"
kill -TERM "$tool"
wait "$tool"
status=$?
[ "$status" -eq 143 ] || fail "status $status, not death by TERM"
same f.json 1
only f.json f.json.lock said
expect 0 memory-update f.json -t 1 2
finish
