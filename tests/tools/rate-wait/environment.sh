#!/bin/sh
# SPDX-License-Identifier: MIT
# RATE_WAIT_STATE names STATE where none is given; empty, it is as if unset.
. "${SRCDIR:?}/tests/lib.sh"

expect 2 rate-wait
err_has 'no STATE given'
RATE_WAIT_STATE='' expect 2 rate-wait
RATE_WAIT_STATE=by-environment expect 0 rate-wait
RATE_WAIT_STATE=by-environment expect 0 rate-wait given
RATE_WAIT_STATE=by-environment expect 0 rate-wait -- true
only by-environment given
expect 2 rate-wait one two
finish
