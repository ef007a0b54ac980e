#!/bin/sh
# SPDX-License-Identifier: MIT
# Nesting goes through programs that close descriptors: Python's subprocess and
# Node's child_process.
. "${SRCDIR:?}/tests/lib.sh"
LOCK_TIMEOUT=0
export LOCK_TIMEOUT

echo 0 >f
add='memory-update f ". += 1"'
cat >run.py <<'SCRIPT'
import subprocess, sys
sys.exit(subprocess.run(sys.argv[1], shell=True, close_fds=True).returncode)
SCRIPT
cat >run.js <<'SCRIPT'
const child = require("child_process");
child.execSync(process.argv[2], {stdio: "inherit"});
SCRIPT
done=0
for way in "python3 run.py" "node run.js"; do
	command -v "${way%% *}" >/dev/null 2>&1 || continue
	done=$((done + 1))
	echo 0 >f
	# shellcheck disable=SC2086 # a command of two words
	expect 0 file-lock with f -- $way "$add"
	# shellcheck disable=SC2086
	expect 0 file-lock with f -- $way "file-lock with f -- $way '$add'"
	id=$(file-lock acquire f)
	# shellcheck disable=SC2086
	expect 0 $way "$add"
	expect 0 file-lock release "$id"
	same f 3
	# Without a lock around it there is nothing to nest in.
	mkfifo go
	file-lock with f -- sh -c ': >held; read -r word <go' &
	pids="$pids $!"
	poll [ -e held ] || trouble "with did not start"
	# shellcheck disable=SC2086
	run $way "$add"
	[ "$status" -ne 0 ] || fail "$way got in"
	err_has 'f: locked by'
	same f 3
	echo >go
	wait
	rm go held
done
[ "$done" -gt 0 ] || skip "neither Python nor Node is installed"
finish
