#!/bin/sh
# SPDX-License-Identifier: MIT
# *.json must be JSON before anything is written; the error tells where it is
# not. FILE stays as it was.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"old":1}' >f.json
# refused FORMAT: printf's; what it makes is no JSON.
refused() {
	# shellcheck disable=SC2059 # the format is the point
	printf "$1" >input
	expect 1 atomic-write f.json <input
	err_has 'f.json: ' 'line ' 'column '
	err_lines 1
	same f.json '{"old":1}'
}
refused '{"a":1'
refused '[1,2'
refused '{} x'
refused '{}{}'
refused '1 2'
refused '{"a":\0}'
refused '{}\0'
refused '"\377"'
refused '"\355\240\200"'
refused '{"a":1,}'
refused "{'a':1}"
refused '  \n'
refused '\357\273\277{}'
head -c 10001 /dev/zero | tr '\0' '[' >input
expect 1 atomic-write f.json <input
printf '{\n  "a": 1,\n  "b": nul\n}' | atomic-write f.json 2>err
err_has 'line 3, column '
only f.json input

# Valid ones, deep ones too.
{
	head -c 300 /dev/zero | tr '\0' '['
	head -c 300 /dev/zero | tr '\0' ']'
} >input
expect 0 atomic-write f.json <input
cmp -s f.json input || fail "300 levels: changed"
expect 0 atomic-write f.json --content ' [1, 2] '
same f.json ' [1, 2] '

# By name, unless said otherwise. A link and what it leads to both have one.
expect 0 atomic-write f.txt --content '{'
expect 0 atomic-write g.json --content '{' --no-validate
expect 1 atomic-write f.txt --content '{' --validate
ln -s f.json link
expect 1 atomic-write link --content '{'
ln -s f.txt link.json
expect 1 atomic-write link.json --content '{'
finish
