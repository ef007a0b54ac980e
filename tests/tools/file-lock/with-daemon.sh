#!/bin/sh
# SPDX-License-Identifier: MIT
# What the command leaves running does not keep the lock, unless that is asked
# for; and a wrapper that is killed leaves it to its command.
. "${SRCDIR:?}/tests/lib.sh"

# shellcheck disable=SC2016
leave='sleep 60 </dev/null >/dev/null 2>&1 & echo $! >daemon'
expect 0 file-lock with f -- sh -c "$leave"
daemon=$(cat daemon)
pids="$pids $daemon"
kill -0 "$daemon" || trouble "the daemon has ended"
expect 0 file-lock with f -n -- true
expect 0 flock -n f.lock true
expect 0 file-lock status f
out_is unlocked

expect 0 file-lock with f --until-closed -- sh -c "$leave"
kept=$(cat daemon)
pids="$pids $kept"
expect 75 file-lock with f -n -- true
expect 1 file-lock status f
kill "$kept"
expect 0 file-lock with f -t 10 -- true

# shellcheck disable=SC2016
file-lock with f -- sh -c 'echo $$ >command; exec sleep 60' &
wrapper=$!
poll [ -s command ] || trouble "the command did not start"
command=$(cat command)
pids="$pids $command"
kill -9 "$wrapper"
wait "$wrapper"
expect 75 file-lock with f -n -- true
err_has "$command"
kill -9 "$command"
expect 0 file-lock with f -t 10 -- true
finish
