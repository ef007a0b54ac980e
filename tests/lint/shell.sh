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
# What a test sources is checked by itself, and sets variables for it; `expect`
# calls functions by name; dollars between single quotes are jq's and awk's.
shellcheck -e SC1090,SC1091,SC2154,SC2317,SC2016 -- "$@" >"$work/out" 2>&1 ||
	fail "$(cat "$work/out")"
finish
