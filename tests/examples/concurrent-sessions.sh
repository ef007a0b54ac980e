#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 1: two clients log ten sessions each at the same time.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash jq
link_scripts scripts

expect 0 bash "$SRCDIR/examples/concurrent-sessions"
out_is 'Total sessions: 20
Unique IDs: 20
✓ Valid JSON'
err_is ''
only scripts test-sessions.json test-sessions.json.lock
finish
