#!/bin/sh
# SPDX-License-Identifier: MIT
# What is added to *.jsonl must be JSON, line by line.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 atomic-write log.jsonl --append --content '{"a":1}'
printf '{"a":2}\n[3]\n' | atomic-write log.jsonl --append || fail "status $?"
same log.jsonl '{"a":1}
{"a":2}
[3]'
printf '{"a":4}\n{"a":\n' >input
expect 1 atomic-write log.jsonl --append <input
err_has 'line 2, column'
printf '{"a":4}\n\n{}\n' >input
expect 1 atomic-write log.jsonl --append <input
err_has 'line 2, column'
[ "$(wc -l <log.jsonl)" -eq 3 ] || fail "something was added"
expect 0 atomic-write log.jsonl --append --no-validate --content 'no json'

# Line by line, those before the bad one are there.
printf '5\n6\n{\n7\n' >input
expect 1 atomic-write lines.jsonl --append --lines <input
err_has 'line 3, column'
same lines.jsonl '5
6'
expect 1 atomic-write log --append --validate --content '{'
expect 1 atomic-write log --append --lines --validate --content '{'
only log.jsonl log.jsonl.lock lines.jsonl lines.jsonl.lock input
finish
