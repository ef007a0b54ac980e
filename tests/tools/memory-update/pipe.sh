#!/bin/sh
# SPDX-License-Identifier: MIT
# --pipe: any program turns JSON into JSON; only its success commits.
. "${SRCDIR:?}/tests/lib.sh"

echo '{"n":1.0}' >f.json
expect 0 memory-update f.json --pipe -- sed 's/n/m/'
same f.json '{"m":1.0}'
# It need not read its input, and nothing behind "--" is read as an option.
expect 0 memory-update f.json --pipe -- printf '%s' '{"z": 12345678901234567890}'
same f.json '{"z":12345678901234567890}'
expect 0 memory-update f.json -S --pipe -- echo '{"z":1,"a":2}'
same f.json '{"a":2,"z":1}'

unchanged() {
	same f.json '{"a":2,"z":1}'
	only f.json f.json.lock
}
expect 1 memory-update f.json --pipe -- sh -c 'echo "{}"; exit 3'
err_has 'f.json: sh exited with status 3'
unchanged
# shellcheck disable=SC2016 # expanded by the inner shell
expect 1 memory-update f.json --pipe -- sh -c 'echo "{}"; kill -9 $$'
err_has 'was killed by signal 9'
unchanged
expect 1 memory-update f.json --pipe -- true
err_has 'what the command printed is not JSON'
unchanged
expect 1 memory-update f.json --pipe -- printf '{"a":\nx}'
err_has 'line 2, column 1'
unchanged
expect 1 memory-update f.json --pipe -- ./missing
err_has './missing cannot be run: No such file'
unchanged
expect 2 memory-update f.json --pipe
expect 2 memory-update f.json --pipe --
expect 2 memory-update f.json . -- cat
expect 2 memory-update f.json --pipe . -- cat
unchanged
finish
