#!/bin/sh
# SPDX-License-Identifier: MIT
# A directory in which nothing can be made: refused, and the file as it was.
. "${SRCDIR:?}/tests/lib.sh"
need setpriv

chmod 755 .
mkdir closed
echo 1 >closed/f.json
chmod 666 closed/f.json
chmod 555 closed
expect 1 as_other memory-update closed/f.json 2
err_has 'closed/f.json'
err_lines 1
same closed/f.json 1
[ "$(ls -A closed)" = f.json ] || fail "left over: $(ls -A closed)"

# With a lock file that can be used, only the temp fails.
chmod 755 closed
: >closed/f.json.lock
chmod 666 closed/f.json.lock
chmod 555 closed
expect 1 as_other memory-update closed/f.json 2
err_has 'closed/f.json'
same closed/f.json 1

# Unreadable, and somebody else's.
chmod 755 closed
echo 1 >closed/secret.json
chmod 600 closed/secret.json
if [ "$(id -u)" -eq 0 ]; then
	expect 1 as_other memory-update closed/secret.json 2
	err_has 'closed/secret.json' 'Permission denied'
fi
same closed/secret.json 1
finish
