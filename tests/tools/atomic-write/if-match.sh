#!/bin/sh
# SPDX-License-Identifier: MIT
# --if-match writes only where FILE's content has that tag.
. "${SRCDIR:?}/tests/lib.sh"

tag=99aa06d3014798d86001c324468d497f # of nothing
: >f
expect 0 atomic-write f --if-match $tag --content one
same f one
expect 3 atomic-write f --if-match $tag --content two
err_has 'f: ' "not $tag"
same f one
# The tag that the message names is the one to use.
now=$(sed -n 's/.*its tag is \([0-9a-f]*\),.*/\1/p' err)
expect 0 atomic-write f --if-match "$now" --content two
same f two
expect 3 atomic-write new --if-match $tag --content x
expect 0 atomic-write new --if-match none --content x
expect 3 atomic-write new --if-match none --content y
same new x
expect 2 atomic-write f --if-match 123 --content x
expect 3 atomic-write f --append --if-match "$now" --content x
same f two
only f f.lock new new.lock
finish
