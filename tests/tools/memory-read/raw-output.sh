#!/bin/sh
# SPDX-License-Identifier: MIT
# -r prints a string as its text, -e tells null and false by the status.
. "${SRCDIR:?}/tests/lib.sh"

printf ' "a\\n\\u00e4\\"\\ud83d\\ude00" \n' >f.json
expect 0 memory-read f.json -r
out_is 'a
ä"😀'
expect 0 memory-read f.json -re
echo '{"a":1}' >f.json
expect 0 memory-read f.json -r --exit-status
out_is '{
  "a": 1
}'
echo ' false' >f.json
expect 1 memory-read f.json -e
out_is false
err_is ''
echo null >f.json
expect 1 memory-read -re f.json
out_is null
finish
