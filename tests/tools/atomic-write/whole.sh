#!/bin/sh
# SPDX-License-Identifier: MIT
# A reader without a lock sees a whole old or a whole new file, 500 times.
. "${SRCDIR:?}/tests/lib.sh"

# Each content is one letter, 20000 times, and a length that tells which.
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "a" }' >a
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "b" }' >b
cp a f
cat >reader <<'EOF'
while [ ! -e stop ]; do
	cat f >seen
	cmp -s seen a || cmp -s seen b || { cp seen wrong; exit 1; }
	echo >>reads
done
EOF
sh reader &
reader=$!
pids="$pids $reader"
poll [ -s reads ] || trouble "the reader did not start"
i=0
while [ "$i" -lt 250 ]; do
	i=$((i + 1))
	atomic-write f --no-sync <b || fail "write $i failed"
	atomic-write f --no-sync --backup <a || fail "write $i failed"
done
: >stop
wait "$reader" || fail "seen: $(wc -c <wrong) bytes"
note "$(wc -l <reads) reads during 500 replacements"
finish
