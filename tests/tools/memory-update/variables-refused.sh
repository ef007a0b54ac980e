#!/bin/sh
# SPDX-License-Identifier: MIT
# A value that cannot be taken as it is: an error before anything is locked.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
bad=$(printf 'a\377b')
expect 2 memory-update f.json . --arg x "$bad"
err_has '--arg x: not valid UTF-8'
expect 2 memory-update f.json . --argjson x '{"a"}'
err_has '--argjson x' "line 1, column 5: expected ':'"
expect 2 memory-update f.json . --argjson x '1 2'
expect 2 memory-update f.json . --jsonargs nil
printf '\n\377' >raw
expect 1 memory-update f.json . --rawfile x raw
err_has 'raw: --rawfile x: not valid UTF-8'
printf '{}\n[1,]' >many
expect 1 memory-update f.json . --slurpfile x many
err_has 'many: --slurpfile x: line 2, column 4:'
expect 1 memory-update f.json . --slurpfile x missing
err_has 'missing: --slurpfile x: No such file'
expect 2 memory-update f.json . --slurpfile x - --rawfile y -
err_has 'standard input'
printf '\377' >one
expect 1 memory-update f.json . --rawfile x - <one
err_is 'memory-update: standard input: --rawfile x: not valid UTF-8'
expect 1 memory-update f.json . --slurpfile x - <&-
err_is 'memory-update: standard input: --slurpfile x: Bad file descriptor'
expect 1 memory-update f.json -f - <&-
err_is 'memory-update: standard input: Bad file descriptor'
same f.json 1
only f.json raw many one
finish
