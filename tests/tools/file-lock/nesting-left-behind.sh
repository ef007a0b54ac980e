#!/bin/sh
# SPDX-License-Identifier: MIT
# What a command leaves in the background neither keeps the lock nor uses it
# when it is over, whether it kept the descriptor or not.
. "${SRCDIR:?}/tests/lib.sh"

echo 0 >f
mkfifo go
rounds=0
for shell in sh bash; do
	command -v "$shell" >/dev/null 2>&1 || continue
	rounds=$((rounds + 1))
	rm -f held
	# The daemon tries when somebody else has the lock.
	expect 0 file-lock with f -- "$shell" -c '(
		[ ! "${BASH_VERSION-}" ] || eval "exec 200>&-"
		until [ -e try ]; do sleep 0.01; done
		memory-update f ". += 100" --timeout 0
		echo $? >result.new
		mv result.new result
		until [ -e again ]; do sleep 0.01; done
		memory-update f ". += 10"
		echo $? >result.new
		mv result.new result
	) >/dev/null 2>&1 &'
	# It keeps nobody out: not a lock, not a writer.
	expect 0 file-lock with f --timeout 5 -- true
	expect 0 memory-update f '. += 1' --timeout 5
	file-lock with f -- sh -c ': >held; read -r word <go' &
	pids="$pids $!"
	poll [ -e held ] || trouble "with did not start"
	: >try
	poll [ -e result ] || fail "the daemon did not end its try"
	same result 75
	rm -f result
	echo >go
	wait
	: >again
	poll [ -e result ] || fail "the daemon did not update"
	same result 0
	rm -f result try again
done
same f $((rounds * 11))

# Updates that are in the middle when the outer lock ends, or begin then.
echo 0 >f
i=0
while [ $i -lt 12 ]; do
	file-lock with f -- sh -c '
		memory-update f ". += 1" --no-sync &
		memory-update f ". += 1" --no-sync &
	' &
	memory-update f '. += 1' --no-sync &
	i=$((i + 1))
	[ $((i % 4)) -ne 0 ] || wait
done
wait
all() {
	[ "$(cat f)" = 36 ]
}
poll all || fail "f holds $(cat f), not 36"
finish
