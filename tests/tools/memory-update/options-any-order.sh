#!/bin/sh
# SPDX-License-Identifier: MIT
# Options may stand anywhere, also with POSIXLY_CORRECT; they are not
# abbreviated.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":1}' >f.json
expect 0 memory-update f.json '.n += 1' --backup -c
same f.json '{"n":2}'
same f.json.bak '{"n":1}'
POSIXLY_CORRECT=1
export POSIXLY_CORRECT
expect 0 memory-update -c f.json --timeout 5 '.n += 1' -v --no-sync
same f.json '{"n":3}'
expect 0 memory-update -ct5 f.json '.n += 1'
same f.json '{"n":4}'
expect 2 memory-update f.json . --back
err_has 'unknown option --back' "Try 'memory-update --help'"
same f.json '{"n":4}'
finish
