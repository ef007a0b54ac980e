#!/bin/sh
# SPDX-License-Identifier: MIT
# LOCK_DEBUG=1 tells each step, in the words of the script this replaces.
. "${SRCDIR:?}/tests/lib.sh"

LOCK_DEBUG=1 expect 0 file-lock with ./f -- echo a b
out_is 'a b'
err_is "[LOCK DEBUG] Acquiring lock for: ./f
[LOCK DEBUG] Lock file: $work/f.lock
[LOCK DEBUG] Lock acquired: $work/f.lock
[LOCK DEBUG] Executing with lock: echo a b
[LOCK DEBUG] Releasing lock: $work/f.lock
[LOCK DEBUG] Lock released"
for off in '' 0 2 yes; do
	LOCK_DEBUG=$off expect 0 file-lock with f -- true
	err_is ''
done
finish
