#!/bin/sh
# SPDX-License-Identifier: MIT
# Without the right to write STATE there is no token, but --status for those who
# may read it; without the right to read it, nothing.
. "${SRCDIR:?}/tests/lib.sh"

chmod 777 .
as_other true 2>/dev/null || skip "cannot become another user"
expect 0 as_other rate-wait limiter
chmod 444 limiter
expect 1 as_other rate-wait limiter
err_has 'rate-wait: limiter: cannot open: Permission denied'
expect 0 as_other rate-wait limiter --status
chmod 000 limiter
expect 1 as_other rate-wait limiter --status
err_has 'Permission denied'
chmod 755 .
[ "$(id -u)" -ne 0 ] || expect 1 as_other rate-wait new
only limiter
finish
