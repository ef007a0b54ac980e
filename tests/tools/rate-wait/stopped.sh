#!/bin/sh
# SPDX-License-Identifier: MIT
# Waiters that are stopped past their time and continued together do not leave
# together.
. "${SRCDIR:?}/tests/lib.sh"

stress=$TOOLS/tests/helpers/rate_stress
[ -x "$stress" ] || trouble "$stress is not built"
expect 0 "$stress" --stopped limiter 20/s 1 20
note "$(cat out)"
finish
