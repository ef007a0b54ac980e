#!/bin/sh
# SPDX-License-Identifier: MIT
# --init: what a missing or empty file is taken to hold; parents are made.
. "${SRCDIR:?}/tests/lib.sh"

expect 3 memory-update new.json .
err_has 'new.json: does not exist' '--init'
only ''
expect 3 memory-update no/dir/new.json .
only ''
expect 0 memory-update a/b/new.json '.n += 1' --init '{}' -c
same a/b/new.json '{"n":1}'
expect 0 memory-update a/b/new.json '.n += 1' --init '{}' -c
same a/b/new.json '{"n":2}'
: >empty.json
expect 1 memory-update empty.json '.n += 1'
err_has 'empty.json: not valid JSON: line 1, column 1: the text is empty'
expect 0 memory-update empty.json '.n += 1' --init '{}' -c
same empty.json '{"n":1}'
expect 2 memory-update x.json . --init '{'
[ -e x.json ] && fail "made for a bad --init"
umask 027
expect 0 memory-update mode.json . --init 1
[ -n "$(find mode.json -perm 640)" ] || fail "not mode 640"
finish
