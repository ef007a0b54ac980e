#!/bin/sh
# SPDX-License-Identifier: MIT
# What contradicts itself, or what STATE records, is misuse: nothing is granted
# and STATE stays as it is.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 rate-wait limiter --limit rpm=60/m --limit tpm=90000/m,burst=9000 \
	--cost tpm=100
cp limiter before

# refused WORD ARG...
refused() {
	word=$1
	shift
	expect 2 rate-wait limiter "$@"
	err_has "$word"
	out_is ''
	cmp -s limiter before || fail "STATE has changed: $*"
}

refused 'limiter: --cost: has no limit rpd' --cost rpd=1
refused 'limiter: has no limit rpd: --set adds it' --limit rpd=5/d
refused 'limiter: has no limit default: --set adds it' --rate 3
refused "--limit: 'rpm' is given twice" --limit rpm=60/m --limit rpm=60/m
refused "--cost: 'rpm' is given twice" --cost rpm=1 --cost rpm=1
refused "'default' is what --rate gives" --rate 3 --limit default=3
refused 'limit rpm is 1/s with burst 5, not 61/m with burst 5: --set' \
	--limit rpm=61/m
refused 'limit tpm is 1500/s with burst 9000, not 1500/s with burst 9001' \
	--limit tpm=90000/m,burst=9001
refused '9001 tokens can never be granted: limit tpm holds at most 9000' \
	--cost tpm=9001
refused '6 tokens can never be granted: limit rpm holds at most 5' -n 6
refused 'does not begin with NAME=' --limit 60/m
refused 'does not begin with NAME=' --limit 'a b=60/m'
refused 'does not begin with NAME=' --cost 5
refused 'is not burst=N' --limit rpm=60/m,size=5
# The same rate in other words is the same.
expect 0 rate-wait limiter --limit rpm=1/s,burst=5 --limit tpm=1500
# Nothing is made for a call that makes no sense.
expect 2 rate-wait new -n 6
err_has 'new: 6 tokens can never be granted'
expect 2 rate-wait new --limit rpm=3 --cost tpm=1
set -- rate-wait new
for name in a b c d e f g h i; do
	set -- "$@" --limit "$name=1"
done
expect 2 "$@"
err_has 'at most 8 limits'
only limiter before
finish
