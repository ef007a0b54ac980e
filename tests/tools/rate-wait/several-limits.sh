#!/bin/sh
# SPDX-License-Identifier: MIT
# All of several limits or none: a call that one of them has no tokens for
# takes none from the others.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --limit rpm=1/d --limit tpm=10/d,burst=1000 \
	--cost tpm=600
expect 75 rate-wait limiter --cost tpm=600 --try
expect 0 rate-wait limiter --status --json
grep -q '"name":"rpm","rate":"1/d","burst":5,"available":4,' out ||
	fail "the other limit was charged: $(cat out)"
grep -q '"name":"tpm","rate":"10/d","burst":1000,"available":400,' out ||
	fail "the limit was charged: $(cat out)"
# -n is for those that no cost names; 0 leaves a limit alone.
expect 0 rate-wait limiter -n 4 --cost tpm=0 --json
grep -q '"tokens":{"rpm":4,"tpm":0}' out || fail "it took $(cat out)"
expect 75 rate-wait limiter --try --cost tpm=1
expect 0 rate-wait limiter --try --cost rpm=0 --cost tpm=400
finish
