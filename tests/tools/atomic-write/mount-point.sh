#!/bin/sh
# SPDX-License-Identifier: MIT
# A file that is mounted by itself cannot be renamed over: refused, with what
# would do. A read-only file system and a full one: the reason is told.
. "${SRCDIR:?}/tests/lib.sh"
need unshare mount
unshare -m true 2>/dev/null || skip "no mount namespaces for us"

cat >inside <<'EOF'
set -e
echo old >f
echo mounted >other
mount --bind other f
atomic-write f --content new 2>err && exit 1
grep -q 'mount point' err && grep -q -- --in-place err
[ "$(cat f)" = mounted ]
atomic-write f --in-place --content new
[ "$(cat f)" = new ]

mkdir ro full
mount -t tmpfs none ro
echo old >ro/f
: >ro/f.lock
mount -o remount,ro ro
atomic-write ro/f --content new 2>err && exit 1
grep -q 'ro/f: .*Read-only' err
[ "$(cat ro/f)" = old ]

mount -t tmpfs -o size=64k none full
echo old >full/f
head -c 1000000 /dev/zero | atomic-write full/f 2>err && exit 1
grep -q 'full/f: .*No space' err
head -c 1000000 /dev/zero | atomic-write full/f --in-place 2>err && exit 1
head -c 1000000 /dev/zero | atomic-write full/f --append 2>err && exit 1
[ "$(cat full/f)" = old ]
ls -A full >left
[ "$(grep -cvx -e f -e f.lock left)" -eq 0 ]
EOF
unshare -m sh -x inside >log 2>&1 || fail "$(tail -5 log; cat err)"
finish
