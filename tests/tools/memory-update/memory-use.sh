#!/bin/sh
# SPDX-License-Identifier: MIT
# A large document takes at most 8 times its size through libjq, and at most 3
# times through edit. `make check-memory` does it with 100 MiB.
. "${SRCDIR:?}/tests/lib.sh"
need_plain_build

size=$((${DOCUMENT_MB:-8} * 1024 * 1024))
[ -r "/proc/$$/status" ] || skip "no /proc to see a process's memory in"

awk -v bytes="$size" 'BEGIN {
	printf "{\n  \"n\": 0,\n  \"sessions\": ["
	for (done = 0; done < bytes; done += length(entry)) {
		entry = sprintf("%s\n    {\n      \"id\": \"s-%07d\",\n" \
			"      \"client\": \"cursor\",\n" \
			"      \"seconds\": %d.%d,\n" \
			"      \"files\": [\n        \"src/a.c\"\n      ],\n" \
			"      \"done\": true\n    }", i ? "," : "", i,
			i * 7 % 1000, i % 9 + 1)
		printf "%s", entry
		i++
	}
	printf "\n  ]\n}\n"
}' >f.json
size=$(wc -c <f.json)

# peak TIMES FILTER: the update works, and with so much memory. The kernel's
# high-water mark never falls, so the last look before the end tells; after the
# peak there is still a large file to be written.
peak() {
	memory-update f.json "$2" -t 600 &
	tool=$!
	pids="$pids $tool"
	most=0
	while now=$(awk '/^VmHWM:/ { print $2 }' "/proc/$tool/status" \
		2>/dev/null) && [ "$now" ]; do
		most=$now
		sleep 0.01
	done
	wait "$tool" || fail "$2: status $?"
	# What a program of ours takes for itself.
	limit=$((size * $1 / 1024 + 12 * 1024))
	note "$2: $most KiB for $((size / 1024)) KiB"
	[ "$most" -gt $((size / 1024)) ] || trouble "its memory was not seen"
	[ "$most" -le "$limit" ] || fail "$2: $most KiB, more than $limit"
}
peak 3 '.n += 1'
peak 8 'if true then .n += 1 else . end'
grep -q '"n": 2,' f.json || fail "not updated twice: $(head -n 2 f.json)"
finish
