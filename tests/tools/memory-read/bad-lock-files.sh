#!/bin/sh
# SPDX-License-Identifier: MIT
# What may stand at FILE.lock.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
mkdir f.json.lock
expect 75 memory-read f.json -t 0.2
rmdir f.json.lock
ln -s f.json f.json.lock
expect 1 memory-read f.json -t 0.2
err_has f.json
rm f.json.lock
mkfifo f.json.lock
expect 1 memory-read f.json -t 0.2
err_has f.json
rm f.json.lock
printf 'some data' >f.json.lock
expect 0 memory-read f.json
out_is 1
same f.json.lock 'some data'
finish
