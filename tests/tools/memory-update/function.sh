#!/bin/sh
# SPDX-License-Identifier: MIT
# --function runs an exported bash function: JSON in, JSON out.
. "${SRCDIR:?}/tests/lib.sh"
need bash

echo '{"n":1}' >f.json
cat >script <<'EOF'
add() { sed "s/1/$STEP/"; }
fails() { echo '{"half":'; return 3; }
junk() { echo 'no JSON'; }
export -f add fails junk
export STEP=7
memory-update f.json --function "$1" -c
EOF
expect 0 bash script add
same f.json '{"n":7}'
expect 1 bash script fails
err_has 'f.json: fails exited with status 3'
expect 1 bash script junk
err_has 'f.json: what the command printed is not JSON: line 1'
expect 1 bash script missing
err_has 'missing: is no exported bash function (export -f missing)'
same f.json '{"n":7}'
only f.json f.json.lock script
finish
