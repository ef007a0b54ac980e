#!/bin/sh
# SPDX-License-Identifier: MIT
# Misuse: status 2, what is wrong, where help is; nothing is touched.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
try() {
	expect 2 memory-update "$@"
	err_lines 2
	err_has "Try 'memory-update --help' for more information."
	out_is ''
}
try
try f.json
try f.json . extra
try f.json . --nosuch
try f.json . -Z
try f.json . --arg
try f.json . --arg x
try f.json . --init
try f.json . -f
try f.json . --no-sync=1
try f.json . --timeout soon
try f.json . -t -1
try f.json --function f --pipe -- cat
try f.json -f x --pipe -- cat
LOCK_TIMEOUT=never try f.json .
same f.json 1
only f.json
expect 0 memory-update --help
err_is ''
grep -q '^Usage:' out || fail "--help prints no usage"
expect 0 memory-update f.json --version
grep -q '^memory-update (interlock) ' out || fail "--version: $(cat out)"
finish
