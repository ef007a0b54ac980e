#!/bin/sh
# SPDX-License-Identifier: MIT
# A --return that does not end can be interrupted, behind a command as well.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
# shellcheck disable=SC2016 # jq's variable
memory-update f.json --pipe -t 20 \
	--return '("running" | debug) as $x | def r: r; r' -- echo 2 2>said &
tool=$!
pids="$pids $tool"
poll [ -s said ] || trouble "the filter did not start"
kill -TERM "$tool"
wait "$tool"
status=$?
[ "$status" -eq 143 ] || fail "status $status, not death by TERM"
same f.json 1
only f.json f.json.lock said
finish
