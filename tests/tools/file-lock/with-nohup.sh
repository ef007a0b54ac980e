#!/bin/sh
# SPDX-License-Identifier: MIT
# A signal that was ignored when file-lock started stays ignored, by it and by
# the command (nohup).
. "${SRCDIR:?}/tests/lib.sh"

# shellcheck disable=SC2016
body=': >ready; until [ -e go ]; do sleep 0.01; done; kill -HUP $$; exit 6'
(
	trap '' HUP
	exec file-lock with f -- sh -c "$body"
) &
wrapper=$!
pids="$pids $wrapper"
poll [ -e ready ] || trouble "the command did not start"
kill -HUP "$wrapper"
: >go
status=0
wait "$wrapper" || status=$?
[ "$status" -eq 6 ] || fail "status $status, not 6"
finish
