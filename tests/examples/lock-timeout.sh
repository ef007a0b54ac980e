#!/bin/sh
# SPDX-License-Identifier: MIT
# Example 4: waiting for a lock ends at the time-out. The document's own lines,
# but for the holder's 40 s of sleep, which the test cuts short.
. "${SRCDIR:?}/tests/lib.sh"
. "$SRCDIR/tests/examples/links.sh"
need bash
link_scripts scripts

cat >lock-timeout.sh <<'END'
#!/bin/bash
TEST_FILE="./test-timeout.json"
echo '{}' > "$TEST_FILE"

# Hold lock for a long time
(
  ./scripts/file-lock.sh with "$TEST_FILE" -- sleep 40
) &

# Give first process time to acquire
sleep 0.5

# Try to acquire with short timeout (will fail)
echo "Trying to acquire lock with 5s timeout..."
LOCK_TIMEOUT=5 ./scripts/file-lock.sh acquire "$TEST_FILE" || echo "✓ Timeout worked as expected"
END

started=$(date +%s)
expect 0 bash lock-timeout.sh
took=$(($(date +%s) - started))
holder=$(sed -n 's/^PID: //p' test-timeout.json.lock)
pids="$pids $holder"
out_is 'Trying to acquire lock with 5s timeout...
✓ Timeout worked as expected'
err_has 'sleep' "pid "
[ "$took" -ge 5 ] || fail "gave up after $took s"

# The document's way to ask whether a file is locked.
is_locked() {
	LOCK_TIMEOUT=0.1 ./scripts/file-lock.sh acquire \
		"$1" >/dev/null 2>&1 && echo "Unlocked" || echo "Locked"
}
run is_locked test-timeout.json
out_is Locked
kill "$holder"
poll file-lock status test-timeout.json >free || fail "still held"
same free unlocked
finish
