#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Usage: tests/summary.sh TEST-SUITE.LOG
# What Automake's log of a test run says, in a few lines: the tests that failed
# or were skipped, each with its reason, and the sum.

exec awk '
# "FAIL: tests/x.sh" under which a line of "=" stands starts a test'\''s log.
/^=+$/ && previous ~ /^(FAIL|SKIP|ERROR|XPASS): / {
	split(previous, word, ": ")
	verdict = word[1]
	name = word[2]
	reason = ""
}
verdict && /^(FAIL|SKIP|TROUBLE): / {
	if (reason == "") {
		reason = $0
		sub(/^[A-Z]+: /, "", reason)
	}
}
/^(FAIL|SKIP|ERROR|XPASS) .* \(exit status: [0-9]+\)$/ {
	outcome = verdict == "SKIP" ? "skipped" : "failed"
	print outcome ": " name (reason == "" ? "" : ": " reason)
	verdict = ""
}
/^# (PASS|FAIL|SKIP|ERROR|XPASS|XFAIL): / {
	count[$2] = $3
}
{ previous = $0 }
END {
	passed = count["PASS:"] + count["XFAIL:"]
	failed = count["FAIL:"] + count["ERROR:"] + count["XPASS:"]
	printf "%d passed, %d failed, %d skipped\n",
		passed, failed, count["SKIP:"]
	exit failed > 0 || passed == 0
}' "$1"
