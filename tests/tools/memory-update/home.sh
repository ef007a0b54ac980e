#!/bin/sh
# SPDX-License-Identifier: MIT
# ~/.jq does not change what a filter means; $ENV is complete all the same.
. "${SRCDIR:?}/tests/lib.sh"

mkdir home
echo 'def map(f): "hijacked";' >home/.jq
HOME=$PWD/home
export HOME
echo '[1]' >f.json
expect 0 memory-update f.json -c 'map(. + 1)'
same f.json '[2]'
# shellcheck disable=SC2016 # the dollar sign is jq's
expect 0 memory-update f.json '$ENV.HOME'
same f.json "\"$HOME\""
finish
