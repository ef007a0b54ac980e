#!/bin/sh
# SPDX-License-Identifier: MIT
# Directories in which no lock file can be made, and files that need none.
. "${SRCDIR:?}/tests/lib.sh"

expect 125 file-lock with no/such/f -- true
err_has no/such/f 'no such directory: no/such'
err_lines 1
expect 125 file-lock with '' -- true
expect 125 file-lock with "$(printf '%0300d' 0)" -- true
err_has 'File name too long'
# A new file's lock, and a directory's.
expect 0 file-lock with new -- true
mkdir d
expect 0 file-lock with d/ -- true
[ -e d.lock ] || fail "d has no lock beside it"

mkdir closed open
: >closed/f
chmod 555 closed
chmod 777 open
chmod 755 .
expect 125 as_other "$TOOLS/file-lock" with closed/f -- true
err_has closed/f.lock 'cannot make the lock file' --lock-file
err_lines 1
expect 0 as_other "$TOOLS/file-lock" status closed/f
expect 0 as_other "$TOOLS/file-lock" with closed/f -L open/mine -- true
[ -e open/mine ] || fail "--lock-file was not used"
[ ! -e closed/f.lock ] || fail "a lock file was made"

# A lock file that may only be read is enough.
chmod 755 closed
: >closed/f.lock
chmod 444 closed/f.lock
chmod 555 closed
expect 0 as_other "$TOOLS/file-lock" with closed/f -- true
chmod 755 closed

# Its permissions are the file's.
: >secret
chmod 600 secret
expect 0 file-lock with secret -- true
find secret.lock -perm 600 | grep -q . || fail "secret.lock may be read"
mkdir .git
expect 125 file-lock with .git/index -- true
err_has --scoped
expect 0 file-lock with .git/index --scoped -- test -e .git/index.lock
[ ! -e .git/index.lock ] || fail "the scoped lock file stayed"
finish
