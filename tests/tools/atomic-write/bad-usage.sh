#!/bin/sh
# SPDX-License-Identifier: MIT
# Misuse: status 2, what is wrong, and where to read on; nothing is touched.
. "${SRCDIR:?}/tests/lib.sh"

echo old >f
misuse() {
	expect 2 atomic-write "$@" </dev/null
	err_has 'atomic-write: ' "Try 'atomic-write --help'"
	err_lines 2
}
misuse
misuse --content x
misuse f g --content x
misuse f --no-such-option
misuse f --back
misuse f -Z
misuse f --content
misuse f --append=yes --content x
misuse f --mode
misuse f --mode abc --content x
misuse f --backup=0 --content x
misuse f --backup=many --content x
misuse f --if-match xyz --content x
misuse f --lines
misuse f --append --if-changed --content x
misuse f --append --no-clobber --content x
misuse f --append --lines --backup
misuse f --append --lines --if-match none
misuse f --append --lines -- echo x
misuse f.json --append --content x
misuse f --content x -- echo x
misuse f --
misuse f -t nonsense --content x
LOCK_TIMEOUT=nonsense misuse f --content x
same f old
only f

expect 0 atomic-write --help
grep -q '^Usage:' out || fail "no usage in --help"
expect 0 atomic-write --version
grep -q '^atomic-write (interlock) ' out || fail "$(cat out)"
atomic-write --help >/dev/full 2>err && fail "a full standard output is not noticed"
finish
