#!/bin/sh
# SPDX-License-Identifier: MIT
# Files that cannot be written: status, a message with the name, no trace.
. "${SRCDIR:?}/tests/lib.sh"

# try STATUS FILE WORDS...
try() {
	for options in '' --append '--append --lines' --in-place; do
		# shellcheck disable=SC2086 # options, or none
		expect "$1" atomic-write "$2" $options --content new
		err_has "$3"
		err_lines 1
	done
}
mkdir dir
mkfifo fifo
try 1 dir 'dir: '
try 1 dir/ 'dir/: '
try 1 new/ 'new/: '
try 1 fifo 'fifo: '
try 1 /dev/full '/dev/full: '
try 1 '' "''"
long=$(head -c 300 /dev/zero | tr '\0' n)
try 1 "$long" 'too long'
try 1 "$(head -c 5000 /dev/zero | tr '\0' n)" 'too long'
ln -s loop loop
try 1 loop 'loop: '
echo old >f
try 1 f/x 'f/x: '
same f old
only dir fifo loop f
finish
