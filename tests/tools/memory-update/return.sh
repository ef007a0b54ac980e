#!/bin/sh
# SPDX-License-Identifier: MIT
# --return prints what a filter makes of the new content: an atomic counter.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":1,"s":"a\"b","l":[1,"x"]}' >f.json
expect 0 memory-update f.json '.n += 1' --return .n
out_is 2
expect 0 memory-update f.json '.n += 1' --return '.n * 2'
out_is 6
expect 0 memory-update f.json . --return .s
out_is '"a\"b"'
expect 0 memory-update f.json . --return .s -r
out_is 'a"b'
expect 0 memory-update f.json . --return '.l[]' -r
out_is '1
x'
expect 0 memory-update f.json . --return '.l'
out_is '[
  1,
  "x"
]'
expect 0 memory-update f.json . --return 'empty'
out_is ''
# shellcheck disable=SC2016 # the dollar sign is jq's
expect 0 memory-update f.json '.n = $x' --return '.[$k]' --argjson x 1.50 --arg k n
out_is 1.50
expect 0 memory-update f.json --return .m --pipe -- echo '{"m":"new"}'
out_is '"new"'
same f.json '{"m":"new"}'

# A question that fails is asked in time: nothing is changed.
expect 1 memory-update f.json '.m = 1' --return '.m.x'
err_has 'f.json: the filter failed: Cannot index number'
expect 1 memory-update f.json '.m = 1' --return '.m['
err_has 'filter: '
expect 75 memory-update f.json '.m = 1' --return 'def r: r; r' -t 0.3
same f.json '{"m":"new"}'

# One that cannot be printed comes too late: status 4.
if [ -e /dev/full ]; then
	status=0
	memory-update f.json '.m = 1' --return .m 2>err >/dev/full || status=$?
	[ "$status" -eq 4 ] || fail "/dev/full: status $status, not 4"
	err_has 'standard output: '
	same f.json '{"m":1}'
fi

# 40 counters at once draw 40 different numbers.
echo '{"n":0}' >n.json
for p in 1 2 3 4; do
	(
		i=0
		while [ "$i" -lt 10 ]; do
			i=$((i + 1))
			memory-update n.json '.n += 1' --return .n >>"drawn.$p"
		done
	) &
	pids="$pids $!"
done
wait
pids=
[ "$(sort -n drawn.* | uniq | wc -l)" -eq 40 ] || fail "drawn twice"
same n.json '{"n":40}'
finish
