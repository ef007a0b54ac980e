#!/bin/sh
# SPDX-License-Identifier: MIT
# A missing file: status 3, or what --default says.
. "${SRCDIR:?}/tests/lib.sh"

expect 3 memory-read no.json
err_has 'no.json: ' '--default'
out_is ''
expect 3 memory-read no/no.json
err_has 'no/no.json: '
for file in no.json no/no.json; do
	expect 0 memory-read $file --default '{"a":[]}'
	out_is '{
  "a": []
}'
done
expect 0 memory-read no.json --default '{"a":[]}' --raw
out_is '{"a":[]}'
expect 0 memory-read no.json --default '"x"' -r --etag
out_is 'none
x'
expect 2 memory-read no.json --default '{'
only ''
finish
