#!/bin/sh
# SPDX-License-Identifier: MIT
# A result that cannot be written is an error, whatever the reason.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"a":1}' >f.json
if [ -e /dev/full ]; then
	memory-read f.json >/dev/full 2>err && fail "/dev/full: status 0"
	err_has 'standard output: No space left'
fi
memory-read f.json >&- 2>err && fail "closed: status 0"
err_has 'standard output: '
eval "memory-read f.json <&- >out 2>&-" || fail "needs stdin or stderr"
out_is '{
  "a": 1
}'
only f.json
finish
