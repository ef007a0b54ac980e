#!/bin/sh
# SPDX-License-Identifier: MIT
# Files that cannot be updated: status, a message with the name, no trace.
. "${SRCDIR:?}/tests/lib.sh"

# try STATUS FILE WORDS...
try() {
	expect "$1" memory-update "$2" .
	shift
	err_has "$@"
	err_lines 1
}
mkdir dir
mkfifo fifo
try 3 missing
try 3 missing/missing
try 1 dir 'directory'
try 1 fifo
try 1 /dev/full
long=$(head -c 300 /dev/zero | tr '\0' n)
try 1 "$long" 'too long'
ln -s loop loop
try 1 loop
echo 1 >f.json
try 1 f.json/x
same f.json 1
only dir fifo loop f.json
finish
