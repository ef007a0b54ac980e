#!/bin/sh
# SPDX-License-Identifier: MIT
# ShellCheck has nothing to say about any script.
. "${SRCDIR:?}/tests/lib.sh"
need shellcheck

cd "$SRCDIR" || trouble "no $SRCDIR"
set -- bootstrap
for file in .ci/run *.sh tests/*.sh tests/*/*.sh tests/*/*/*.sh examples/*; do
	[ ! -f "$file" ] || set -- "$@" "$file"
done
# Left out: what a test sources is checked by itself, and sets variables for it
# (1090, 1091, 2154, 2119); `expect` calls functions by name (2317); dollars
# between single quotes are jq's and awk's (2016); `ls -l` is the portable way to
# a file's mode (2012); in `a && b || fail` either failure is one (2015); a name
# that is read and also an operand is no pipeline (2094).
left_out=SC1090,SC1091,SC2012,SC2015,SC2016,SC2094,SC2119,SC2154,SC2317
shellcheck -e "$left_out" -- "$@" >"$work/out" 2>&1 ||
	fail "$(cat "$work/out")"
finish
