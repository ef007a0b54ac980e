# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# What every script test uses. A test sources this first; it then stands in an
# empty directory of its own (with a blank in its name, so that quoting is
# always tried), with the built programs first in PATH, and ends with `finish`.
#
# Verdicts: a failed expectation is noted and the test goes on; `finish` exits
# with 1 if there was any. `skip` exits with 77, `trouble` (the test itself
# could not run) with 99. Nothing here sleeps and hopes: see `poll`.

set -u
LC_ALL=${TEST_LOCALE:-C}
export LC_ALL
unset LOCK_TIMEOUT LOCK_RETRY LOCK_DEBUG AICONFIG_PATH RATE_WAIT_STATE \
	FILE_LOCK_HELD NO_COLOR POSIXLY_CORRECT

: "${TOOLS:?run this by make check, or set TOOLS to the build directory}"
: "${SRCDIR:?run this by make check, or set SRCDIR to the source directory}"
PATH=$TOOLS:$PATH
export PATH TOOLS SRCDIR

failures=0
test_name=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/interlock $test_name.XXXXXX") || exit 99
chmod 755 "$work"
cd "$work" || exit 99

# Background processes that a test starts are added to $pids, and none outlives
# it.
pids=
clean_up() {
	for pid in $pids; do
		kill -9 "$pid" 2>/dev/null
	done
	cd / && rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 99' HUP INT TERM

note() {
	printf '# %s\n' "$*"
}

fail() {
	printf 'FAIL: %s\n' "$*"
	failures=$((failures + 1))
}

skip() {
	printf 'SKIP: %s\n' "$*"
	exit 77
}

trouble() {
	printf 'TROUBLE: %s\n' "$*"
	exit 99
}

finish() {
	if [ "$failures" -ne 0 ]; then
		printf '%s: %s expectation(s) failed\n' "$test_name" "$failures"
		exit 1
	fi
	exit 0
}

# run COMMAND...: its output goes to the files out and err, its status to
# $status.
run() {
	status=0
	"$@" >out 2>err || status=$?
}

# expect STATUS COMMAND...: run it; the status must be that one.
expect() {
	wanted=$1
	shift
	run "$@"
	[ "$status" -eq "$wanted" ] && return 0
	fail "status $status, not $wanted: $*"
	sed 's/^/#   /' err
	return 1
}

# out_is TEXT, err_is TEXT: what the last run wrote, without the last newline.
out_is() {
	[ "$(cat out)" = "$1" ] || fail "stdout is '$(cat out)', not '$1'"
}

err_is() {
	[ "$(cat err)" = "$1" ] || fail "stderr is '$(cat err)', not '$1'"
}

# err_has TEXT...: each is somewhere in the last run's messages.
err_has() {
	for text; do
		grep -qF -- "$text" err ||
			fail "stderr lacks '$text': $(cat err)"
	done
}

# err_lines N: so many lines of messages.
err_lines() {
	[ "$(wc -l <err)" -eq "$1" ] || fail "not $1 line(s): $(cat err)"
}

# same FILE TEXT: FILE holds TEXT (and perhaps a final newline).
same() {
	[ "$(cat "$1")" = "$2" ] || fail "$1 holds '$(cat "$1")', not '$2'"
}

# only NAME...: the directory holds nothing besides these and out and err.
only() {
	for entry in ./* ./.[!.]*; do
		[ -e "$entry" ] || [ -L "$entry" ] || continue
		entry=${entry#./}
		found=
		for name in out err "$@"; do
			[ "$entry" = "$name" ] && found=1
		done
		[ "$found" ] || fail "left over: $entry"
	done
}

# poll COMMAND...: until it succeeds, for at most ten seconds; 1 if it does not.
poll() {
	tries=1000
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.01
	done
}

# signal_ignored SIGNAL: whoever started the tests had it so (nohup: HUP), and a
# shell cannot undo that.
signal_ignored() {
	[ "$(sh -c "kill -$1 \$\$; echo alive" 2>/dev/null)" = alive ]
}

# need PROGRAM...: skip the test where one is not installed.
need() {
	for program; do
		command -v "$program" >/dev/null 2>&1 ||
			skip "$program is not installed"
	done
}

# need_plain_build: skip what sanitizers would falsify: they need memory, and
# cannot look for leaks where strace looks on.
need_plain_build() {
	[ "${SANITIZERS:-no}" != yes ] || skip "this build has sanitizers"
}

# need_python MODULE: $python is an interpreter that has it, or the test is
# skipped. The system's own comes first: that is where packages put modules.
need_python() {
	for python in /usr/bin/python3 python3; do
		"$python" -c "import $1" 2>/dev/null && return
	done
	skip "Python's $1 is not installed"
}

# need_strace: skip the test where processes cannot be traced. (The leak checker
# of sanitized programs cannot work while they are.)
need_strace() {
	need strace
	strace -o trace true 2>/dev/null || skip "strace may not trace here"
	rm -f trace
	ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS-}
	export ASAN_OPTIONS
}

# as_other COMMAND...: as an ordinary user, which only root can arrange.
as_other() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
}
