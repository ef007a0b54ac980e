#!/bin/sh
# SPDX-License-Identifier: MIT
# Options that make no sense together are refused, and name what is wrong.
. "${SRCDIR:?}/tests/lib.sh"

# refused TEXT ARG...
refused() {
	text=$1
	shift
	expect 2 rate-wait limiter "$@"
	err_has "$text"
}

refused 'only one of --status, --reset and --refund' --status --reset
refused '--status, --reset and --refund run no command' --status -- true
refused '--try makes no sense with --status' --status --try
refused '--jitter makes no sense with --reset' --reset --jitter 1
refused '--tokens makes no sense with --refund' --refund 1 -n 1
refused '--set makes no sense with --reset' --reset --set
refused '--timeout makes no sense with --penalty' --penalty 1 -t 1
refused '--penalty makes no sense with a COMMAND but no --retry' \
	--penalty 1 -- true
refused '--retries makes no sense with a COMMAND but no' --retries 1 -- true
refused '--retry-after-status makes no sense without a COMMAND' \
	--retry-after-status 29
refused "--retry-after-status: '0' is not a number from 1 to 255" \
	--retry-after-status 0 -- true
refused 'unknown option --stat' --stat
refused 'option --rate needs' --rate
only out err
expect 0 rate-wait --help
expect 0 rate-wait --version
# In any order, and POSIXLY_CORRECT or not.
POSIXLY_CORRECT=1 expect 0 rate-wait limiter --rate 5 --json
expect 0 rate-wait --rate 5 --json limiter
expect 0 rate-wait --json --rate=5 limiter -n1 -v
err_has '[OK] limiter: granted after'
finish
