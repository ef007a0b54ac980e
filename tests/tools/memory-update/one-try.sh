#!/bin/sh
# SPDX-License-Identifier: MIT
# A time-out of 0 is one try, also where the lock is taken a second time, with
# libjq, because only the file showed that it is needed. Opening libjq is held
# up until somebody else has the lock, who keeps it until all is over.
. "${SRCDIR:?}/tests/lib.sh"
need_strace
need flock

echo '{"a":"x"}' >f.json
run strace -f -e trace=openat -o trace memory-update f.json '.a.b = 1'
libjq=$(sed -n 's/.*"\(.*libjq[^"]*\)".* = [0-9].*/\1/p' trace | head -n 1)
[ "$libjq" ] || trouble "memory-update did not open libjq"
rm -f f.json.lock

strace -f -e trace=openat -P "$libjq" -o trace \
	-e inject=openat:delay_enter=2000000 \
	sh -c 'exec memory-update f.json ".a.b = 1" -t 0 2>said' 2>strace.err &
tool=$!
pids="$pids $tool"
poll [ -e f.json.lock ] || trouble "memory-update did not lock"
mkfifo end
# shellcheck disable=SC2016 # expanded by the inner shell
flock f.json.lock sh -c 'echo >held; read -r x <end' &
holder=$!
pids="$pids $holder"
poll [ -e held ] || trouble "flock did not lock"
poll grep -q . said || fail "it waits for the lock"
grep -q 'locked by' said || fail "not refused: $(cat said)"
echo >end
wait "$tool"
status=$?
[ "$status" -eq 75 ] || fail "status $status, not 75"
wait "$holder"
same f.json '{"a":"x"}'
finish
