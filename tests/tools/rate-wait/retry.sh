#!/bin/sh
# SPDX-License-Identifier: MIT
# --retry-after-status: COMMAND's word is kept back, everybody pauses for what
# its last line says, or --penalty, and it is run again.
. "${SRCDIR:?}/tests/lib.sh"

# Fails with 29 as often as the file `failures` says, naming $1 as the pause.
cat >server <<'END'
#!/bin/sh
left=$(cat left)
echo run >>runs
if [ "$left" -gt 0 ]; then
	echo $((left - 1)) >left
	printf 'noise\n%b' "$1"
	exit 29
fi
echo answer
exit "${2-0}"
END
chmod +x server

# runs N: so often it ran.
runs() {
	[ "$(wc -l <runs)" -eq "$1" ] || fail "$(wc -l <runs) runs, not $1"
	rm -f runs
}

rate-wait limiter --rate 1000 --burst 1000 || trouble "no state"
echo 2 >left
expect 0 rate-wait limiter --retry-after-status 29 -- ./server '0.05\n'
out_is answer
err_has './server: ended with status 29: everybody pauses for 0.050 s'
err_lines 2
runs 3
# With CR LF and blank lines behind it, and the command's own status.
echo 1 >left
expect 5 rate-wait limiter --retry-after-status 29 -- ./server '0.02\r\n\n' 5
out_is answer
err_has 'pauses for 0.020 s'
runs 2
# Without a number: --penalty, or else no pause but the limit's.
echo 1 >left
expect 0 rate-wait limiter --retry-after-status 29 --penalty 30ms -- \
	./server 'soon\n'
err_has 'pauses for 0.030 s'
echo 1 >left
expect 0 rate-wait limiter --retry-after-status 29 -- ./server 'inf\n'
err_has 'pauses for 0.000 s'
rm -f runs
# At most --retries; then its status, and nothing of its output.
echo 9 >left
expect 29 rate-wait limiter --retry-after-status 29 --retries 2 -- ./server 0
out_is ''
runs 3
echo 9 >left
expect 29 rate-wait limiter --retry-after-status 29 --retries 0 -- ./server 0
runs 1
# The pause is everybody's.
echo 9 >left
expect 29 rate-wait limiter --retry-after-status 29 --retries 0 -- \
	./server 3600
expect 75 rate-wait limiter --try
grep -qE '^3[56]' out || fail "the others wait $(cat out) s"
expect 75 rate-wait limiter --retry-after-status 29 -t 1 -- ./server 1
expect 0 rate-wait limiter --reset
expect 127 rate-wait limiter --retry-after-status 29 -- ./missing
expect 143 rate-wait limiter --retry-after-status 29 -- \
	sh -c 'kill -TERM $$'
only left server runs limiter
finish
