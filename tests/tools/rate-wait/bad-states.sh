#!/bin/sh
# SPDX-License-Identifier: MIT
# A STATE that is none is an error that says how to reset it: nothing is
# granted, and it stays as it is.
. "${SRCDIR:?}/tests/lib.sh"

# refused NAME TEXT: each kind of call fails, and NAME stays.
refused() {
	for action in --try --status '--refund 1' '--penalty 1' '--json' \
		'--jitter 0.1' '--set --rate 5'; do
		# shellcheck disable=SC2086 # option and value are two words
		expect 1 rate-wait "$1" $action
		err_has "rate-wait: $1: $2"
		err_lines 1
		out_is ''
	done
	expect 125 rate-wait "$1" -- touch granted
	[ ! -e granted ] || fail "$1: granted all the same"
}

# file NAME TEXT: ... if it is a file; and --reset helps.
file() {
	cp "$1" before
	refused "$1" "$2: nothing is granted; --reset starts it anew"
	cmp -s "$1" before || fail "$1 has changed"
	expect 0 rate-wait "$1" --reset
	expect 0 rate-wait "$1" --try
	rm -f "$1" before
}

rate-wait good || trouble "no state"
: >empty
file empty 'is empty'
head -c 3000 /dev/urandom | head -c 500 >random
file random 'is not a state of rate-wait'
head -c 1000 good >truncated
file truncated 'is damaged: it has not its length'
{ cat good; echo; } >longer
file longer 'is damaged: it has not its length'
{ head -c 8 good; printf '\002'; tail -c +10 good; } >version
file version 'is of a version that this program does not know'
{ head -c 100 good; printf '\377\377\377'; tail -c +104 good; } >flipped
file flipped 'is damaged: its checksum is wrong'

mkdir directory
refused directory 'is a directory, not a regular file'
mkfifo fifo
refused fifo 'is a FIFO'
refused /dev/null 'is a device'
ln -s loop loop
refused loop 'Too many levels of symbolic links'
expect 3 rate-wait nowhere/limiter
err_has 'rate-wait: nowhere/limiter: no such directory'
only good directory fifo loop
finish
