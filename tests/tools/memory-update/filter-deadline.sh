#!/bin/sh
# SPDX-License-Identifier: MIT
# A filter that does not end is left at the deadline.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
expect 75 memory-update f.json -t 0.3 'def r: r; r'
err_has 'f.json: the filter has not ended in time (--timeout)'
same f.json 1
only f.json f.json.lock
expect 0 memory-update f.json -t 0 2
same f.json 2
finish
