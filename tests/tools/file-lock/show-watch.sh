#!/bin/sh
# SPDX-License-Identifier: MIT
# show --watch shows again each second until it is interrupted, and clears the
# screen of a terminal before.
. "${SRCDIR:?}/tests/lib.sh"

mkdir tree
pictures() {
	[ "$(grep -ac 'Current locks in' "$1")" -ge "$2" ]
}
file-lock show tree --watch >shown 2>err &
watcher=$!
pids="$pids $watcher"
poll pictures shown 1 || fail "nothing is shown"
id=$(file-lock acquire tree/f)
poll pictures shown 2 || fail "not shown again"
poll grep -q "^Lock: $PWD/tree/f.lock" shown || fail "not seen: $(cat shown)"
file-lock release "$id"
kill "$watcher"
status=0
wait "$watcher" || status=$?
[ "$status" -eq 143 ] || fail "status $status after SIGTERM"
! grep -q "$(printf '\033')" shown || fail "escape sequences in a file"
[ ! -s err ] || fail "$(cat err)"

need script
escape=$(printf '\033')
script -qec 'file-lock show tree --watch' /dev/null >shown 2>&1 </dev/null &
watcher=$!
pids="$pids $watcher"
poll pictures shown 2 || fail "not shown again on a terminal"
grep -aqF "${escape}[H${escape}[2J" shown || fail "the screen is not cleared"
kill "$watcher"
finish
