#!/bin/sh
# SPDX-License-Identifier: MIT
# Options in any order; what is wrong with a command line; closed descriptors.
. "${SRCDIR:?}/tests/lib.sh"

for posix in '' 1; do
	[ -z "$posix" ] || export POSIXLY_CORRECT=1
	expect 3 file-lock with f -t 1 -- sh -c 'exit 3'
	expect 3 file-lock -t 1 with f -- sh -c 'exit 3'
	expect 3 file-lock with -t1 f --client me -- sh -c 'exit 3'
	expect 3 file-lock --timeout=1 --client=me with f -xn -- sh -c 'exit 3'
	expect 0 file-lock status f --json
done
unset POSIXLY_CORRECT

misuse() {
	expect 2 file-lock "$@"
	err_has "Try 'file-lock --help'"
	err_lines 2
	out_is ''
}
misuse
misuse with
misuse with f --bad -- true
err_has --bad
misuse with f -t
err_has -t
misuse with f --time=3 -- true
misuse with f --timeout -- true
misuse status
misuse status f g
misuse acquire f g
misuse release
misuse status f --slots 3
err_has --slots status
for verb in 'status f' show cleanup; do
	for option in '-t 3' '-w 3' '--timeout=3'; do
		# shellcheck disable=SC2086 # several words each
		misuse $verb $option
		err_has --timeout "${verb%% *}"
	done
done
misuse with f --scoped --until-closed -- true
err_has --scoped --until-closed
expect 0 file-lock --help
grep -q '^Usage:' out || fail "--help has no usage"
err_is ''
expect 0 file-lock with f --version
out_is "$(file-lock --version)"

long=$(printf '%0131071d' 0)
file-lock with f -- true "$long" || fail "a long argument: status $?"
file-lock with f "--${long#00}" -- true 2>err && fail "a long option was taken"
err_has 'unknown option'
file-lock with "$long" -- true 2>err && fail "a long name was taken"
err_has 'File name too long'

for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	eval "file-lock with f -- true $closed" || fail "$closed: status $?"
	eval "file-lock with f -- no-such $closed" 2>/dev/null
	[ ! -s f.lock ] || fail "the lock file holds $(cat f.lock)"
done
file-lock status f >&- 2>err && fail "status succeeded without stdout"
err_has 'standard output'
if [ -e /dev/full ]; then
	file-lock status f >/dev/full 2>err && fail "status on a full disk: 0"
	err_has 'No space left'
fi
finish
