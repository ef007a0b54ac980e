#!/bin/sh
# SPDX-License-Identifier: MIT
# How the result is laid out, if it is to be laid out anew.
. "${SRCDIR:?}/tests/lib.sh"

start='{"b":[1,{}],"a":"x"}'
try() {
	echo "$start" >f.json
	expect 0 memory-update f.json .a="1" "$@"
}
try -c
same f.json '{"b":[1,{}],"a":1}'
try --compact-output -S
same f.json '{"a":1,"b":[1,{}]}'
try --indent 1
same f.json '{
 "b": [
  1,
  {}
 ],
 "a": 1
}'
try --indent 0
same f.json '{"b":[1,{}],"a":1}'
try --tab
printf '{\n\t"b": [\n\t\t1,\n\t\t{}\n\t],\n\t"a": 1\n}\n' >expected
cmp -s f.json expected || fail "--tab gave $(cat f.json)"
try -c --indent 4
same f.json '{
    "b": [
        1,
        {}
    ],
    "a": 1
}'
for bad in '' x -1 33 2x; do
	expect 2 memory-update f.json . --indent "$bad"
done
finish
