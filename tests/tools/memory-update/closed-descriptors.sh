#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard descriptors that are closed never end up as FILE or its lock.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
n=1
for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	n=$((n + 1))
	eval "memory-update f.json $n $closed" || fail "$closed: status $?"
	same f.json "$n"
	eval "memory-update f.json '.a' $closed 2>/dev/null" && fail "$closed: 0"
	eval "memory-update f.json .a[ -v $closed" 2>/dev/null && fail "$closed: 0"
	same f.json "$n"
	[ ! -s f.json.lock ] || fail "the lock file holds $(cat f.json.lock)"
done
memory-update f.json . --rawfile x - <&- 2>err && fail "closed stdin was read"
err_has '--rawfile x'
only f.json f.json.lock
finish
