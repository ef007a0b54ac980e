#!/bin/sh
# SPDX-License-Identifier: MIT
# COMMAND takes our place: same process, its own status and signals as we had
# them; what is wrong with us is 125 to 127.
. "${SRCDIR:?}/tests/lib.sh"

# shellcheck disable=SC2016 # the inner shell's variable
expect 0 sh -c 'echo $$; exec rate-wait limiter -- sh -c '\''echo $$'\'
[ "$(sort -u out | wc -l)" -eq 1 ] || fail "another process: $(cat out)"
expect 7 rate-wait limiter -- sh -c 'exit 7'
expect 0 rate-wait limiter -- echo --try -n
out_is '--try -n'
expect 127 rate-wait limiter -- ./missing
err_has 'rate-wait: ./missing: command not found'
# What stands in a directory that may not be searched is not found.
expect 0 rate-wait limiter --reset
mkdir closed
chmod 0 closed
chmod 777 . limiter
for retry in '' '--retry-after-status 9'; do
	# shellcheck disable=SC2086 # option and value are two words
	PATH=$PATH:$PWD/closed expect 127 as_other rate-wait limiter $retry -- \
		no-such-command
	err_has 'rate-wait: no-such-command: command not found'
done
expect 0 rate-wait limiter --reset
: >plain
expect 126 rate-wait limiter -- ./plain
err_has 'rate-wait: ./plain: cannot run: Permission denied'
expect 2 rate-wait limiter --
err_has 'no COMMAND behind'
expect 2 rate-wait limiter echo hello
err_has "'--' must stand before a command"
# A script without its #! line, and nothing of ours left open.
printf 'ls /proc/self/fd >fds\n' >script
chmod +x script
expect 0 rate-wait limiter -- ./script
if [ -d /proc/self/fd ]; then
	ls /proc/self/fd >expected
	diff fds expected >/dev/null || fail "descriptors: $(cat fds)"
fi
if [ -r /proc/self/status ]; then
	expect 0 rate-wait limiter --reset -v
	grep '^Sig[BIC]' /proc/self/status >expected
	expect 0 rate-wait limiter -- grep '^Sig[BIC]' /proc/self/status
	out_is "$(cat expected)"
fi
finish
