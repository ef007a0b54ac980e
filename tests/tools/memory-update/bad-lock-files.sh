#!/bin/sh
# SPDX-License-Identifier: MIT
# What may stand at FILE.lock.
. "${SRCDIR:?}/tests/lib.sh"

echo 1 >f.json
u() {
	status_wanted=$1
	shift
	expect "$status_wanted" memory-update f.json -t 0.2 "$@"
}
mkdir f.json.lock
u 75 2
err_has 'f.json'
rmdir f.json.lock
mkfifo f.json.lock
u 1 2
err_has 'f.json'
rm f.json.lock
echo mine >victim
ln -s victim f.json.lock
u 1 2
err_has 'f.json'
same victim mine
rm f.json.lock
same f.json 1
printf 'some data' >f.json.lock
u 0 2
same f.json 2
same f.json.lock 'some data'
only f.json f.json.lock victim
finish
