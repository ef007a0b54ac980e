#!/bin/sh
# SPDX-License-Identifier: MIT
# Misuse: status 2, what is wrong, where help is.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
try() {
	expect 2 memory-read "$@"
	err_lines 2
	err_has "Try 'memory-read --help' for more information."
	out_is ''
}
try
try f.json --nosuch
try f.json --default
try f.json --retries x
try f.json --retries -1
try f.json --raw=1
try f.json -t soon
LOCK_TIMEOUT=never try f.json
expect 0 memory-read -- f.json
out_is 1
only f.json
finish
