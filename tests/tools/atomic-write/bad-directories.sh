#!/bin/sh
# SPDX-License-Identifier: MIT
# A directory in which nothing can be made: refused, and the file as it was. One
# that can be searched, but not read, will do.
. "${SRCDIR:?}/tests/lib.sh"
need setpriv

mkdir closed blind
echo old >closed/f
: >closed/f.lock
chmod 666 closed/f closed/f.lock
chmod 555 closed
expect 1 as_other atomic-write closed/f --content new
err_has 'closed/f: ' 'Permission denied'
err_lines 1
expect 1 as_other atomic-write closed/g --content new
expect 1 as_other atomic-write closed/d/g --content new
same closed/f old
[ "$(ls -A closed)" = 'f
f.lock' ] || fail "left over: $(ls -A closed)"

echo old >blind/f
chmod 333 blind
[ "$(id -u)" -ne 0 ] || chown 65534:65534 blind blind/f
expect 0 as_other atomic-write blind/f --content new
expect 0 as_other atomic-write blind/f --backup --content newer
expect 0 as_other atomic-write blind/f --append --content more
chmod 755 blind
same blind/f 'newer
more'
[ "$(ls -A blind)" = 'f
f.bak
f.lock' ] || fail "left over: $(ls -A blind)"

# A file that may not be read can still be replaced by its owner.
if [ "$(id -u)" -eq 0 ]; then
	chown 65534:65534 .
	chmod 755 .
fi
echo old >secret
[ "$(id -u)" -ne 0 ] || chown 65534:65534 secret
chmod 0 secret
expect 0 as_other atomic-write secret --content new
[ "$(stat -c %a secret)" = 0 ] || fail "mode $(stat -c %a secret)"
expect 1 as_other atomic-write secret --if-changed --content 'new'
expect 1 as_other atomic-write secret --if-match none --content new ||
	err_has 'Permission denied'
chmod 600 secret
same secret new
finish
