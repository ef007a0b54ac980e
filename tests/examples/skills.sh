#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 5: what the skills log-session and init-memory run, in a fresh home.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need jq
HOME=$work
export HOME
link_scripts ~/aiconfig/scripts
memory=aiconfig/memory/projects/myapp

# /init-memory makes the project's directory as well.
CONTENT='{"name": "myapp", "sessions": []}'
echo "$CONTENT" | ~/aiconfig/scripts/atomic-write.sh \
	~/aiconfig/memory/projects/myapp/context.json ||
	fail "init-memory: status $?"
same $memory/context.json "$CONTENT"

# Both clients initialize at the same time: one of the two, whole.
for client in claude cursor; do
	jq -n --arg client $client '{$client, pad: ("x" * 100000)}' |
		~/aiconfig/scripts/atomic-write.sh \
			~/aiconfig/memory/projects/myapp/context.json &
	pids="$pids $!"
done
wait
[ "$(jq -r '.pad | length' $memory/context.json)" = 100000 ] ||
	fail "context.json is neither client's"

# /log-session
echo '{"sessions": []}' >$memory/sessions.json
SESSION_DATA='{"id": "s-1", "client": "claude-code"}'
expect 0 ~/aiconfig/scripts/memory-update.sh \
	~/aiconfig/memory/projects/myapp/sessions.json \
	".sessions += [$SESSION_DATA]" \
	--backup
out_is ''
err_is ''
[ "$(jq -c . $memory/sessions.json)" = \
	'{"sessions":[{"id":"s-1","client":"claude-code"}]}' ] ||
	fail "sessions.json holds $(cat $memory/sessions.json)"
same $memory/sessions.json.bak '{"sessions": []}'
finish
