#!/bin/sh
# SPDX-License-Identifier: MIT
# Killed at each of its system calls, one after another: FILE is old or new, the
# next write works and leaves nothing behind.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

# calls COMMAND...: its system calls, each as NAME and which of that name, from
# the first that knows of f on. Those before are the start of any program.
calls() {
	begin
	strace -o trace "$@" || trouble "status $?: $*"
	awk -F'(' '/^[a-z0-9_]+\(/ && !/^(execve|exit_group)/ {
		n[$1]++
		if (/"f"/) reached = 1
		if (reached) print $1, n[$1]
	}' trace
}
begin() {
	rm -f f f.* .f.*
	echo old >f
}
# killed_anywhere COMMAND...
killed_anywhere() {
	calls "$@" >points
	[ -s points ] || trouble "no calls"
	! grep -q 'O_TMPFILE.* = -1' trace || skip "no O_TMPFILE here"
	# shellcheck disable=SC2094 # only its name is used inside
	while read -r name n; do
		begin
		# The shell tells of the kill; that is no news.
		{
			strace -o trace \
				-e inject="$name:signal=KILL:when=$n" "$@"
		} 2>/dev/null
		grep -q 'killed by SIGKILL' trace ||
			fail "$name $n was not reached: $*"
		expect 0 atomic-write f --append --content next
		case $(cat f) in
		"old
next" | "new
next" | "old
new
next") ;;
		*) fail "$name $n: f holds '$(cat f)': $*" ;;
		esac
		expect 0 "$@"
		only f f.lock f.bak f.bak.1 points trace
		[ ! -e f.bak.1 ] || [ -s f.bak.1 ] || fail "$name $n: f.bak.1"
	done <points
	note "$(wc -l <points) kills: $*"
}
killed_anywhere atomic-write f --content new
killed_anywhere atomic-write f --backup=2 --content new
killed_anywhere atomic-write f --append --content new
finish
