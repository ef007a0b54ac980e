#!/bin/sh
# SPDX-License-Identifier: MIT
# 200 updates by 8 processes at once: none is lost.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":0,"by":[]}' >f.json
for p in 1 2 3 4 5 6 7 8; do
	(
		i=0
		while [ "$i" -lt 25 ]; do
			i=$((i + 1))
			memory-update f.json ".n += 1 | .by += [\"$p-$i\"]" ||
				echo "$p-$i" >>failed
		done
	) &
	pids="$pids $!"
done
wait
pids=
[ -e failed ] && fail "failed: $(cat failed)"
grep -q '"n":200,' f.json || fail "not 200 counted: $(head -c 20 f.json)"
tr ',' '\n' <f.json | grep -o '[1-8]-[0-9]*' | sort -u >entries
[ "$(wc -l <entries)" -eq 200 ] || fail "$(wc -l <entries) entries, not 200"
only f.json f.json.lock entries
finish
