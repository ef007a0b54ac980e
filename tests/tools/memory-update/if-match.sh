#!/bin/sh
# SPDX-License-Identifier: MIT
# --if-match: only if the content is what the tag says.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":1}' >f.json
tag=$(memory-read f.json --etag | head -n 1)
expect 0 memory-update f.json '.n = 2' -c --if-match "$tag"
same f.json '{"n":2}'
expect 3 memory-update f.json '.n = 3' --if-match "$tag"
err_has 'f.json: has changed: its tag is' "$tag"
expect 3 memory-update f.json '.n = 3' --if-match none
expect 2 memory-update f.json '.n = 3' --if-match "$tag"x
same f.json '{"n":2}'
expect 3 memory-update new.json . --init 1 --if-match "$tag"
[ -e new.json ] && fail "made against --if-match"
expect 0 memory-update new.json . --init 1 --if-match none
same new.json 1
finish
