#!/bin/sh
# SPDX-License-Identifier: MIT
# A *.json file is printed as `jq .` prints it, but for the spelling of numbers
# and keys; nothing but the result is left behind.
. "${SRCDIR:?}/tests/lib.sh"

printf '{"n":12345678901234567890, "k":1.0,"k":[ ] ,"e":"\\u00e4"}' >f.json
expect 0 memory-read f.json
out_is '{
  "n": 12345678901234567890,
  "k": 1.0,
  "k": [],
  "e": "\u00e4"
}'
err_is ''
ln -s f.json link.json
expect 0 memory-read ./link.json
only f.json link.json
finish
