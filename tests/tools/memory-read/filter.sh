#!/bin/sh
# SPDX-License-Identifier: MIT
# FILTER: its values, one after another, as jq prints them.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"id":12345678901234567890,"l":[{"n":"x y"},{"n":"z"}],"f":false}' >f.json
expect 0 memory-read f.json .id
out_is 12345678901234567890
expect 0 memory-read f.json '.l[-1]'
out_is '{
  "n": "z"
}'
expect 0 memory-read f.json '.l[].n' -r
out_is 'x y
z'
expect 0 memory-read f.json '.l[].n'
out_is '"x y"
"z"'
expect 0 memory-read f.json .missing
out_is null
# shellcheck disable=SC2016 # the dollar signs are jq's
{
expect 0 memory-read f.json '.l[] | select(.n == $n)' --arg n z
out_is '{
  "n": "z"
}'
expect 0 memory-read f.json '$ARGS.positional[0]' --args a b
out_is '"a"'
}
expect 2 memory-read f.json . extra
expect 2 memory-read f.json . --raw

expect 0 memory-read f.json '.l | length' -e
expect 1 memory-read f.json .f -e
out_is false
expect 1 memory-read f.json .missing -e
expect 1 memory-read f.json 'empty' -e

expect 0 memory-read none.json .a --default '{"a":[]}'
out_is '[]'
expect 0 memory-read f.json .f --etag
[ "$(sed 1d out)" = false ] || fail "with a tag: $(cat out)"

expect 1 memory-read f.json '.l['
err_has 'filter: ' 'syntax error'
expect 1 memory-read f.json '.id, .f.x'

err_has 'f.json: the filter failed: Cannot index boolean'
printf '{} x' >f.txt
expect 1 memory-read f.txt . --retries 0
err_has 'f.txt: not valid JSON: line 1, column 4'
only f.json f.txt
finish
