#!/bin/sh
# SPDX-License-Identifier: MIT
# acquire holds the lock for the script that calls it, however it calls it, and
# returns at once, in every shell.
. "${SRCDIR:?}/tests/lib.sh"

cat >forms.sh <<'SCRIPT'
# Each form takes the lock; held and release it says whether it is so.
check() {
	case $(file-lock status f) in
	locked*) ;;
	*) echo "$1: not held" ;;
	esac
	file-lock release "$2" || echo "$1: not released"
	[ "$(file-lock status f)" = unlocked ] || echo "$1: still held"
}
call() {
	ID=$(file-lock acquire f)
	check "$1" "$ID"
}
give() {
	file-lock acquire f
}
ID=$(file-lock acquire f)
check plain "$ID"
ID=$(file-lock acquire f || true)
check '|| true' "$ID"
ID=$(file-lock acquire f 2>/dev/null)
check '2>/dev/null' "$ID"
ID=$(file-lock acquire f 2>/dev/null || true)
check '2>/dev/null || true' "$ID"
ID=$(timeout 5 file-lock acquire f)
check timeout "$ID"
ID=$(give)
check 'function' "$ID"
ID=`file-lock acquire f`
check backticks "$ID"
call 'in a function'
call 'function in a pipeline' | cat
if ID=$(file-lock acquire f); then check 'if' "$ID"; fi
file-lock acquire f >id
check 'to a file' "$(cat id)"
(ID=$(file-lock acquire f) && check subshell "$ID")
echo end
SCRIPT

count=0
for shell in bash dash zsh ksh mksh 'busybox sh' yash posh; do
	command -v "${shell%% *}" >/dev/null 2>&1 || continue
	count=$((count + 1))
	# The pipe's end is what shows that no keeper has it open.
	# shellcheck disable=SC2086 # "busybox sh" is two words
	said=$(LOCK_TIMEOUT=5 timeout 60 $shell forms.sh 2>&1 | cat)
	[ "$said" = end ] || fail "$shell: $said"
done
[ "$count" -ge 2 ] || skip "only $count shell(s) are installed"
only f.lock forms.sh id
finish
