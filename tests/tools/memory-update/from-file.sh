#!/bin/sh
# SPDX-License-Identifier: MIT
# -f reads the filter from a file, or from standard input; operands are then
# left for --args.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":1}' >f.json
printf '# count\n.n\n| . + 1 # here\n' >count.jq
expect 0 memory-update f.json -f count.jq
same f.json 2
expect 1 memory-update --from-file=count.jq f.json
err_has 'f.json: the filter failed'
same f.json 2
echo '"again"' | expect 0 memory-update f.json -f -
same f.json '"again"'
# shellcheck disable=SC2016 # the dollar sign is jq's
echo '$ARGS.positional' >args.jq
expect 0 memory-update f.json --args a b -f args.jq -c
same f.json '["a","b"]'
expect 1 memory-update f.json -f missing.jq
err_has 'missing.jq: No such file'
printf '.\0x' >nul.jq
expect 1 memory-update f.json -f nul.jq
err_has 'NUL'
expect 2 memory-update f.json . -f args.jq
err_has "unexpected operand '.' besides -f"
same f.json '["a","b"]'
finish
