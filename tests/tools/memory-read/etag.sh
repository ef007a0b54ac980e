#!/bin/sh
# SPDX-License-Identifier: MIT
# --etag: a line before the content, of the same moment; a hash of the bytes.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"a":1}' >f.json
expect 0 memory-read f.json --etag
head -n 1 out | grep -qxE '[0-9a-f]{32}' || fail "no tag: $(cat out)"
[ "$(sed 1d out)" = '{
  "a": 1
}' ] || fail "content: $(cat out)"
head -n 1 out >tag
expect 0 memory-read f.json --raw --etag
[ "$(sed 1d out)" = '{"a":1}' ] || fail "raw content: $(cat out)"
head -n 1 out | cmp -s tag - || fail "--raw changes the tag"
cp f.json g.json
memory-read g.json --etag | head -n 1 | cmp -s tag - || fail "not by content"
echo '{"a":2}' >f.json
memory-read f.json --etag | head -n 1 | cmp -s tag - && fail "same tag"
if command -v xxhsum >/dev/null 2>&1; then
	[ "$(xxhsum -H2 <g.json | cut -d ' ' -f 1)" = "$(cat tag)" ] ||
		fail "not what xxhsum says"
fi
finish
