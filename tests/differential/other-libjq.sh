#!/bin/sh
# SPDX-License-Identifier: MIT
# The differential test against a second libjq, of 1.7 or later: set OTHER_LIBJQ
# to the directory that holds its libjq.so.1.
. "${SRCDIR:?}/tests/lib.sh"

[ "${OTHER_LIBJQ:-}" ] || skip "OTHER_LIBJQ names no other libjq"
[ -e "$OTHER_LIBJQ/libjq.so.1" ] || trouble "no libjq.so.1 in $OTHER_LIBJQ"

LD_LIBRARY_PATH=$OTHER_LIBJQ${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
expect 0 "$TOOLS/tests/differential/differential"
cat out
grep -qx 'libjq 1.7 or later' out || fail "that libjq is older than 1.7"

finish
