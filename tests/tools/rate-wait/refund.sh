#!/bin/sh
# SPDX-License-Identifier: MIT
# A refund is there for the next call, up to the burst; of each limit as named.
. "${SRCDIR:?}/tests/lib.sh"

# available NAME: its tokens.
available() {
	rate-wait limiter --status --json |
		sed "s/.*\"name\":\"$1\"[^}]*\"available\":\([0-9]*\).*/\1/"
}

expect 0 rate-wait limiter --limit rpm=1/d --limit tpm=10/d,burst=1000 \
	--cost tpm=1000
expect 0 rate-wait limiter --refund 0 --cost tpm=300
[ "$(available tpm)" = 300 ] || fail "tpm has $(available tpm)"
[ "$(available rpm)" = 4 ] || fail "rpm has $(available rpm)"
expect 0 rate-wait limiter --refund 1 --cost tpm=5000
[ "$(available tpm)" = 1000 ] || fail "tpm has $(available tpm)"
[ "$(available rpm)" = 5 ] || fail "rpm has $(available rpm)"
expect 0 rate-wait limiter --cost tpm=1000 --try
expect 2 rate-wait limiter --refund 0
expect 2 rate-wait limiter --refund 1 --try
expect 2 rate-wait limiter --refund 1 -- true
finish
