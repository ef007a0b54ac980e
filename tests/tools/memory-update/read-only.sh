#!/bin/sh
# SPDX-License-Identifier: MIT
# A read-only file system: refused, whatever is there.
. "${SRCDIR:?}/tests/lib.sh"
need unshare mount

mkdir ro
cat >script <<'EOF'
mount -t tmpfs tmpfs ro || exit 77
echo 1 >ro/f.json
echo 1 >ro/locked.json
: >ro/locked.json.lock
mount -o remount,ro ro || exit 77
memory-update ro/f.json 2
echo "$?"
memory-update ro/locked.json 2
echo "$?"
memory-update ro/new.json 2 --init 1
echo "$?"
memory-read ro/f.json
memory-read ro/locked.json
ls ro
EOF
unshare -rm sh script >out 2>err || skip "no mount namespace: $(cat err)"
[ "$(head -n 1 out)" ] || skip "nothing may be mounted: $(cat err)"
out_is '1
1
1
1
1
f.json
locked.json
locked.json.lock'
err_has ro/f.json ro/locked.json ro/new.json 'Read-only'
err_lines 3
finish
