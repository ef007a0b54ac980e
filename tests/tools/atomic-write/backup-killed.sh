#!/bin/sh
# SPDX-License-Identifier: MIT
# A backup cut short by a kill does not block the next write, and is whole.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

# killed CALL N: kill at the N-th CALL, then write again.
killed() {
	rm -rf f*
	echo old >f
	echo older >f.bak
	strace -o trace -e inject="$1":signal=KILL:when="$2" \
		atomic-write f --backup=3 --content new 2>/dev/null
	grep -q 'killed by SIGKILL' trace || trouble "$1 $2 was not reached"
	same f old
	for options in '' --backup=3; do
		# shellcheck disable=SC2086 # options, or none
		expect 0 atomic-write f $options --content next
		same f next
	done
	rm -f trace
}
killed linkat 2          # the backup's link has been made, or is about to be
killed renameat 1        # the link is there, nothing is rotated
killed renameat 2        # FILE.bak has gone to FILE.bak.1
same f.bak next
killed renameat2 1       # FILE.bak is FILE
grep -q old f.bak f.bak.1 || fail "what f held is lost"
only f f.lock f.bak f.bak.1 f.bak.2
finish
