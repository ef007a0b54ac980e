#!/bin/sh
# SPDX-License-Identifier: MIT
# A STATE that is a symbolic link is the file at the end of the chain, also
# where that is still to be made.
. "${SRCDIR:?}/tests/lib.sh"

mkdir real links
ln -s ../real/limiter links/one
ln -s links/one two
expect 0 rate-wait two --rate 1/d --burst 2
expect 0 rate-wait real/limiter
expect 75 rate-wait links/one --try
[ -L two ] || fail "the link was replaced"
[ -f real/limiter ] || fail "not made where it leads"
only real links two
finish
