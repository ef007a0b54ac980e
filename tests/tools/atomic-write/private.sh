#!/bin/sh
# SPDX-License-Identifier: MIT
# At no instant can others read what will be a 0600 file, nor its backup.
. "${SRCDIR:?}/tests/lib.sh"
need_strace

echo secret >f
chmod 600 f
umask 0
for options in '' --backup '--in-place --backup' '--append --backup' \
	'--if-match none'; do
	# shellcheck disable=SC2086 # options, or none
	strace -f -o trace -e trace=open,openat,creat,chmod,fchmod,fchmodat \
		atomic-write f $options --content more 2>/dev/null
	# What is made for others is the lock file, and only to lock.
	grep -E 'O_CREAT|O_TMPFILE|chmod' trace | grep -v 'f\.lock' >made
	grep -vE '0?600\)? +=|0600, *0\)' made | grep -v -- '-1 E' >wide
	[ ! -s wide ] || fail "$options: $(cat wide)"
	[ -s made ] || [ "$options" = '--if-match none' ] ||
		trouble "$options: no file was made: $(cat trace)"
	[ "$(stat -c %a f)" = 600 ] || fail "$options: $(stat -c %a f)"
done
[ "$(stat -c %a f.bak)" = 600 ] || fail "f.bak has $(stat -c %a f.bak)"
finish
