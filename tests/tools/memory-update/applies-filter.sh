#!/bin/sh
# SPDX-License-Identifier: MIT
# A filter's one value becomes the file's content.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"sessions":[]}' >f.json
expect 0 memory-update f.json '.sessions += [{"id": "a"}]'
out_is ''
err_is ''
same f.json '{"sessions":[{"id":"a"}]}'
[ "$(tail -c 2 f.json | od -An -tx1)" = ' 7d 0a' ] || fail "no final newline"
only f.json f.json.lock

expect 0 memory-update ./f.json '.sessions |= length' -v
err_is '[OK] Updated: ./f.json'
same f.json '{"sessions":1}'

expect 0 memory-update f.json '"only \u00e4"'
same f.json '"only ä"'
finish
