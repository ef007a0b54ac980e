#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 3: a holder of a lock crashes; who waits for it gets it at once. The
# document's own lines: `kill -9 $$` in a subshell kills the script around it,
# so that what waits in its foreground is all that is left.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash
link_scripts scripts
AICONFIG_PATH=$work
export AICONFIG_PATH

cat >crash-recovery.sh <<'END'
#!/bin/bash
TEST_FILE="./test-crash.json"
echo '{"data": "initial"}' > "$TEST_FILE"

# Start a process that holds a lock
(
  LOCK_ID=$(./scripts/file-lock.sh acquire "$TEST_FILE")
  echo "Lock acquired: $LOCK_ID"

  # Simulate work
  sleep 2

  # Simulate crash (kill -9 ourselves)
  kill -9 $$
) &

HOLDER_PID=$!

# Wait for lock to be acquired
sleep 0.5

# Try to acquire the lock (will wait)
echo "Attempting to acquire lock..."

# After process dies, stale lock is detected and removed
(
  sleep 3  # Wait for process to be killed
  ./scripts/file-lock.sh cleanup
  echo "Stale locks cleaned"
) &

# This will succeed after cleanup
./scripts/file-lock.sh with "$TEST_FILE" -- echo "Lock acquired successfully after crash!"
END

# says TEXT: it is a line of the script's output.
says() {
	grep -qxF -- "$1" out
}

run bash crash-recovery.sh
[ "$status" -eq 137 ] || fail "status $status, not that of kill -9"
poll says 'Lock acquired successfully after crash!' || fail 'not acquired'
poll says 'Stale locks cleaned' || fail 'not cleaned up'
grep -q '^Lock acquired: /.*/test-crash.json.lock#[0-9a-f]*$' out ||
	grep -q '^Lock acquired: [^ ]' out || fail "no lock ID: $(cat out)"
run file-lock status test-crash.json
out_is unlocked
finish
