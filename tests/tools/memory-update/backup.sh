#!/bin/sh
# SPDX-License-Identifier: MIT
# --backup keeps what the file held, N of them if asked.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
expect 0 memory-update f.json 2 --backup
same f.json 2
same f.json.bak 1
expect 0 memory-update f.json 3 --backup=2
expect 0 memory-update f.json 4 --backup=2
same f.json.bak 3
same f.json.bak.1 2
expect 0 memory-update f.json 4 --backup=2
same f.json.bak 3
expect 1 memory-update f.json '.a' --backup
same f.json.bak 3
for bad in '' 0 -1 x 1x 1000; do
	expect 2 memory-update f.json 5 "--backup=$bad"
done
same f.json 4
only f.json f.json.bak f.json.bak.1 f.json.lock
finish
