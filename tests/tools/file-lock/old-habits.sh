#!/bin/sh
# SPDX-License-Identifier: MIT
# What people type who are used to other lock commands: the corrected line.
. "${SRCDIR:?}/tests/lib.sh"

# corrected LINE WORD...
corrected() {
	line=$1
	shift
	expect 2 file-lock "$@"
	err_has ": $line" Try
	err_lines 2
}
corrected 'file-lock with f.json -- COMMAND' f.json
corrected 'file-lock with f.json -- cmd a' f.json -- cmd a
corrected 'file-lock with f.json -- cmd a' f.json cmd a
corrected 'file-lock with ./f -- cmd -x' ./f cmd -x
corrected 'file-lock with -n f -- cmd -x' -n f cmd -x
corrected 'file-lock with -w 3 f -- cmd' -w 3 f cmd
corrected 'file-lock with f.json -t 3 -- cmd' f.json -t 3 -- cmd
: >plain
corrected 'file-lock with plain -- cmd' plain cmd
corrected 'file-lock acquire f' lock f
corrected 'file-lock acquire -s f' -s lock f
corrected 'file-lock release f' unlock f
expect 2 file-lock wiht f -- true
err_has wiht 'with, acquire, release, status, show or cleanup'
only plain
finish
