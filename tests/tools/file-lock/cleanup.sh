#!/bin/sh
# SPDX-License-Identifier: MIT
# cleanup tells what killed holders left and empties it, as the old script's
# document shows; it touches nothing held or foreign, follows no link, stays out
# of .git, and unlinks idle lock files only with --remove.
. "${SRCDIR:?}/tests/lib.sh"

mkdir -p tree/sub tree/.git elsewhere
AICONFIG_PATH=$PWD/tree
export AICONFIG_PATH

# leave FILE: a record of a holder whose wrapper and command were both killed.
leave() {
	rm -f pid
	file-lock with "$1" -- sh -c 'echo $$ >new; mv new pid
		while :; do sleep 0.02; done' &
	dead=$!
	poll [ -e pid ] || trouble "with did not start"
	kill -9 "$dead" "$(cat pid)"
	wait "$dead" 2>/dev/null
	# Killed is not ended yet.
	poll file-lock status "$1" >status.out || fail "$1: held by the dead"
}
leave tree/sub/a
expect 0 file-lock show
grep -qx "  Status: STALE (process $dead is not running)" out ||
	fail "show: $(cat out)"
expect 0 file-lock cleanup
out_is ''
err_is "[INFO] Checking for stale locks in: $PWD/tree
[INFO] Removing stale lock from dead process PID $dead
[OK] Cleaned 1 stale lock(s)"
[ -e tree/sub/a.lock ] || fail "the lock file is gone"
[ ! -s tree/sub/a.lock ] || fail "a.lock holds $(cat tree/sub/a.lock)"
expect 0 file-lock cleanup
err_is "[INFO] Checking for stale locks in: $PWD/tree
[OK] Cleaned 0 stale lock(s)"
expect 0 file-lock show
out_is "Current locks in: $PWD/tree"
# A stale record is in nobody's way.
leave tree/sub/a
expect 0 file-lock with tree/sub/a --timeout 0 -- true
expect 0 file-lock show
out_is "Current locks in: $PWD/tree"

# What is not to be touched.
echo '# pip freeze' >tree/foreign.lock
echo 'version = 3' >tree/Cargo.lock
printf 'PID: 1\nACQUIRED: now\n' >tree/nearly.lock
echo 99999999 >tree/soft.lock
mkdir tree/made.lock
leave elsewhere/b
ln -s ../elsewhere/b.lock tree/link.lock
ln -s ../elsewhere tree/linked
cp elsewhere/b.lock tree/.git/index.lock
file-lock with tree/held -- sh -c ': >held; read -r word' <"$0" >/dev/null &
mkfifo go
file-lock with tree/held2 -- sh -c ': >held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
leave tree/sub/c
find . -name '*.lock' ! -path './tree/sub/*' -exec ls -ld {} + \
	-type f -exec cksum {} + | grep -v 'held\.lock' >before
expect 0 file-lock cleanup --remove
err_is "[INFO] Checking for stale locks in: $PWD/tree
[INFO] Removing stale lock from dead process PID $dead
[OK] Cleaned 1 stale lock(s)"
find . -name '*.lock' ! -path './tree/sub/*' -exec ls -ld {} + \
	-type f -exec cksum {} + | grep -v 'held\.lock' >after
cmp -s before after || fail "changed: $(diff before after)"
[ -z "$(ls tree/sub)" ] || fail "idle lock files are left: $(ls tree/sub)"
echo >go
wait

# An operand instead, and a leftover of a writer that was killed.
expect 0 file-lock cleanup elsewhere
err_has "Checking for stale locks in: $PWD/elsewhere" 'Cleaned 1 stale lock(s)'
expect 3 file-lock cleanup missing
expect 2 file-lock cleanup --json
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	echo 1 >tree/data
	run strace -o /dev/null -e inject=rename,renameat,renameat2:signal=KILL \
		atomic-write tree/data --content 2
	temps=$(find tree -name '.data*' | wc -l)
	[ "$temps" -eq 1 ] || note "no temp was left: $(ls -A tree)"
	expect 0 file-lock cleanup
	[ "$(find tree -name '.data*' | wc -l)" -eq 0 ] ||
		fail "a temp is left: $(ls -A tree)"
	same tree/data 1
fi
finish
