#!/bin/sh
# SPDX-License-Identifier: MIT
# jq's ways to pass values to a filter.
. "${SRCDIR:?}/tests/lib.sh"

echo null >f.json
u() {
	expect 0 memory-update f.json -c "$@"
}

# shellcheck disable=SC2016 # the dollar signs are jq's
{
u '$x' --arg x 'a"b\c'
same f.json '"a\"b\\c"'
u --argjson x '{"a": [1]}' '$x.a'
same f.json '[1]'
printf '1 {"b":2}\n[3]' >many
u '$x' --slurpfile x many
same f.json '[1,{"b":2},[3]]'
printf 'two\nlines\n' >raw
u --rawfile x raw '$x'
same f.json '"two\nlines\n"'
u '$ARGS' --arg n v --args p1 p2 --jsonargs '[3]'
same f.json '{"positional":["p1","p2",[3]],"named":{"n":"v"}}'
u '[$x, $y]' --arg x 1 --arg x 2 --arg y 3
same f.json '["1","3"]'

printf '{"in":1}' | u '$x' --slurpfile x -
same f.json '[{"in":1}]'
printf 'text' | u '$x' --rawfile x -
same f.json '"text"'

# The longest argument that Linux passes, and more than that through a file.
long=$(head -c 131071 /dev/zero | tr '\0' x)
u '$x | length' --arg x "$long"
same f.json '131071'
head -c 3000000 /dev/zero | tr '\0' y >big
u '$x | length' --rawfile x big
same f.json '3000000'
}
only f.json f.json.lock many raw big
finish
