#!/bin/sh
# SPDX-License-Identifier: MIT
# A reader without any lock sees a whole old or a whole new file, always.
. "${SRCDIR:?}/tests/lib.sh"

# A document whose first and last member must agree.
pad=$(head -c 5000 /dev/zero | tr '\0' x)
expect 0 memory-update f.json . --init "{\"first\":0,\"pad\":\"$pad\",\"last\":0}"
size=$(wc -c <f.json)
cat >reader <<'EOF'
while [ ! -e enough ]; do
	awk '/"first":/ { first = $2 + 0 } /"last":/ { last = $2 + 0 } 1
		END { if (NR != 5 || first != last) exit 1 }' f.json >seen ||
		{ cp seen wrong; exit 1; }
	echo >>reads
done
EOF
sh reader &
reader=$!
pids="$pids $reader"
poll [ -s reads ] || trouble "the reader did not start"
cat >all.jq <<'EOF'
.first += 1 | .last += 1
EOF
i=0
while [ "$i" -lt 500 ]; do
	i=$((i + 1))
	memory-update f.json -f all.jq --no-sync || fail "update $i failed"
done
: >enough
wait "$reader" || fail "seen: $(head -c 300 wrong)"
grep -q '"last": 500' f.json || fail "not 500 updates"
note "$(wc -l <reads) reads during 500 replacements of $size bytes"
finish
