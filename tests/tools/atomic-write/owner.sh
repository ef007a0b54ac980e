#!/bin/sh
# SPDX-License-Identifier: MIT
# Root keeps the owner. Who cannot is refused, and told which option allows it.
. "${SRCDIR:?}/tests/lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make a file of another user"
need setpriv

owner_is() {
	[ "$(stat -c %u:%g f)" = "$1" ] || fail "f is $(stat -c %u:%g f)'s"
}
chmod 777 .
echo old >f
chown 1234:5678 f
chmod 644 f
expect 0 atomic-write f --content root
owner_is 1234:5678
expect 1 as_other atomic-write f --content other
err_has 'f: ' 'owner' '--new-owner' '--in-place'
err_lines 1
same f root
only f f.lock
# May write into it, though not give it away.
chmod 666 f
expect 0 as_other atomic-write f --in-place --content other
same f other
owner_is 1234:5678
expect 0 as_other atomic-write f --new-owner --content mine
same f mine
owner_is 65534:65534
[ "$(stat -c %a f)" = 666 ] || fail "the mode is $(stat -c %a f)"
# A backup of a file that he may read, but not link to (where that is so).
chown 1234:5678 f
chmod 644 f
expect 0 as_other atomic-write f --new-owner --backup --content again
same f.bak mine
finish
