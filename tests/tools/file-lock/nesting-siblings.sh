#!/bin/sh
# SPDX-License-Identifier: MIT
# A hundred updates at once under one outer lock lose nothing, however the
# outer lock is held.
. "${SRCDIR:?}/tests/lib.sh"

cat >many <<'SCRIPT'
i=0
while [ $i -lt "$1" ]; do
	memory-update n '. += 1' --no-sync || echo "failed" &
	i=$((i + 1))
done
wait
SCRIPT
echo 0 >n
expect 0 file-lock with n -- sh many 100
out_is ''
same n 100
id=$(file-lock acquire n)
expect 0 sh many 20
out_is ''
same n 120
expect 0 file-lock release "$id"
finish
