#!/bin/sh
# SPDX-License-Identifier: MIT
# The access control list and user attributes stay; a directory's default list
# does not open a file that has none.
. "${SRCDIR:?}/tests/lib.sh"
need setfacl getfacl setfattr getfattr

echo old >f
setfattr -n user.note -v 'some text' f 2>/dev/null ||
	skip "no user attributes on this file system"
setfacl -m u:1234:r,g:5678:rw f 2>/dev/null ||
	skip "no access control lists on this file system"
getfacl -n f >acl
for options in '' --backup --in-place '--new-owner --if-changed'; do
	# shellcheck disable=SC2086 # options, or none
	expect 0 atomic-write f $options --content "new $options"
	getfacl -n f | cmp -s - acl || fail "$options: $(getfacl -n f)"
	[ "$(getfattr --only-values -n user.note f)" = 'some text' ] ||
		fail "$options: the attribute is lost"
done
getfacl -n f.bak | grep -q '^user:1234:r--' || fail "the backup has no list"

mkdir d
setfacl -d -m u:1234:rwx d
echo old >d/f
setfacl -b d/f
chmod 640 d/f
expect 0 atomic-write d/f --content new
getfacl -n d/f 2>/dev/null | grep -q 'user:1234' &&
	fail "the directory's list was given to f"
[ "$(stat -c %a d/f)" = 640 ] || fail "d/f has mode $(stat -c %a d/f)"
# A new file gets it, as from any other program.
: >d/touched
expect 0 atomic-write d/new --content x
getfacl -n d/new 2>/dev/null | tail -n +2 >new
getfacl -n d/touched 2>/dev/null | tail -n +2 | cmp -s - new ||
	fail "a new file: $(cat new)"
finish
