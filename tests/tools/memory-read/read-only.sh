#!/bin/sh
# SPDX-License-Identifier: MIT
# No write permission is needed, neither for the file nor for its directory or
# lock file.
. "${SRCDIR:?}/tests/lib.sh"
need setpriv

mkdir closed
echo 1 >closed/f.json
chmod 444 closed/f.json
chmod 555 closed
expect 0 as_other memory-read closed/f.json
out_is 1
chmod 755 closed
: >closed/f.json.lock
chmod 444 closed/f.json.lock
chmod 555 closed
expect 0 as_other memory-read closed/f.json
out_is 1
if [ "$(id -u)" -eq 0 ]; then
	chmod 600 closed/f.json
	expect 1 as_other memory-read closed/f.json
	err_has 'closed/f.json: Permission denied'
fi
finish
