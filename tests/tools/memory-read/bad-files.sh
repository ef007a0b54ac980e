#!/bin/sh
# SPDX-License-Identifier: MIT
# What is no file that could be read.
. "${SRCDIR:?}/tests/lib.sh"

try() {
	expect 1 memory-read "$1"
	shift
	err_has "$@"
	err_lines 1
	out_is ''
}
mkdir dir.json
mkfifo fifo.json
ln -s loop.json loop.json
try dir.json dir.json directory
try fifo.json fifo.json
try /dev/full /dev/full
try loop.json loop.json
try "$(head -c 300 /dev/zero | tr '\0' n)" 'too long'
only dir.json fifo.json loop.json
finish
