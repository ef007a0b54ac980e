#!/bin/sh
# SPDX-License-Identifier: MIT
# --no-clobber: status 3 if FILE exists; of many at once one makes it.
. "${SRCDIR:?}/tests/lib.sh"

echo old >f
expect 3 atomic-write f --no-clobber --content new
err_has 'f: '
same f old
expect 0 atomic-write g --no-clobber --content new
same g new

for n in 1 2 3 4 5 6 7 8; do
	(
		atomic-write h --no-clobber --content "$n" 2>/dev/null
		echo $? >"status.$n"
	) &
done
wait
[ "$(cat status.* | grep -c '^0$')" -eq 1 ] || fail "not one has made it"
[ "$(cat status.* | grep -c '^3$')" -eq 7 ] || fail "not 7 were refused"
[ "$(cat "status.$(cat h)")" -eq 0 ] || fail "h is not the winner's"
finish
