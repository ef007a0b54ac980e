#!/bin/sh
# SPDX-License-Identifier: MIT
# --scoped: the lock file is there only while the lock is held, and excludes all
# the same. In .git it is the only way.
. "${SRCDIR:?}/tests/lib.sh"

expect 0 file-lock with --scoped f -- ls f.lock
out_is f.lock
only
# shellcheck disable=SC2016
id=$(file-lock acquire --scoped f)
[ -e f.lock ] || fail "no lock file"
expect 0 file-lock release "$id"
only
expect 0 file-lock with --scoped f -- file-lock with --scoped f -- ls f.lock
out_is f.lock
only

# A crowd, each with a lock file of its own or the last one's, never two in.
echo 0 >n
cat >add <<'SCRIPT'
mkdir inside || echo "two are inside"
read -r n <n
echo $((n + 1)) >n
rmdir inside
SCRIPT
i=0
while [ $i -lt 60 ]; do
	kind=--scoped
	[ $((i % 3)) -ne 0 ] || kind=-x
	file-lock with "$kind" f --timeout 30 -- sh add >>said 2>&1 &
	file-lock with -s --scoped f --timeout 30 -- true >>said 2>&1 &
	i=$((i + 1))
	[ $((i % 20)) -ne 0 ] || wait
done
wait
! grep -v ': waiting: ' said || fail "see above"
same n 60
rm -f f.lock

# Slots in a lock file that comes and goes.
i=0
while [ $i -lt 30 ]; do
	file-lock with --scoped -j 1 f --timeout 30 -- sh add >>said 2>&1 &
	i=$((i + 1))
done
wait
! grep -v ': waiting: ' said || fail "see above"
same n 90
only n add said

# git takes a lasting index.lock for one of its own.
mkdir -p repo/.git/refs
: >repo/.git/index
for verb in 'with repo/.git/index' 'with repo/.git/refs/new'; do
	# shellcheck disable=SC2086 # two words
	expect 125 file-lock $verb -- true
	err_has '--scoped' git
	err_lines 1
	# shellcheck disable=SC2086
	expect 0 file-lock $verb --scoped -- true
done
expect 1 file-lock acquire repo/.git/index
err_has '--scoped'
expect 0 file-lock with repo/.git/index -L other -- true
[ "$(find repo -type f)" = repo/.git/index ] || fail "left: $(find repo)"
# Under the lock of the directory itself, too: .git.lock beside it is harmless.
expect 0 file-lock with repo/.git -- true
finish
