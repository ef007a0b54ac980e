#!/bin/sh
# SPDX-License-Identifier: MIT
# FILE_LOCK_HELD is believed only as far as it can be proved.
. "${SRCDIR:?}/tests/lib.sh"

echo 0 >f
echo 0 >g
: >g.lock
mkfifo go
file-lock with f -- sh -c 'echo "$FILE_LOCK_HELD" >held.new
	mv held.new held; read -r word <go' &
pids="$pids $!"
poll [ -e held ] || trouble "with did not start"
truth=$(cat held)
IFS=: read -r _ device inode wrapper start <held

# lie TEXT: an outsider who says it is kept out.
lie() {
	FILE_LOCK_HELD=$1
	export FILE_LOCK_HELD
	expect 75 memory-update f '. += 1' --timeout 0
	expect 75 file-lock with f --timeout 0 -- true
	expect 75 file-lock acquire f --timeout 0
	unset FILE_LOCK_HELD
	same f 0
}

own=$(awk '{ print $22 }' /proc/$$/stat)
init=$(awk '{ print $22 }' /proc/1/stat)
exec 7<>f.lock 9<>g.lock
# The truth, told by one whom it does not concern.
lie "$truth"
# A descriptor of the right file that holds nothing, one of another file, one
# that is closed, and no number that can be one.
lie "7:$device:$inode:$wrapper:$start"
lie "9:$device:$inode:$wrapper:$start"
lie "63:$device:$inode:$wrapper:$start"
lie "-1:$device:$inode:$wrapper:$start"
lie "99999999999:$device:$inode:$wrapper:$start"
# An ancestor that holds nothing, and one that never was.
lie "63:$device:$inode:$$:$own"
lie "63:$device:$inode:1:$init"
lie "63:$device:$inode:$$:0"
lie "63:$device:$inode:0:0"
lie "63:$device:$inode:-1:1"
# Nonsense, alone and before the truth.
for text in '' ' ' : 1 nonsense '200:1' "$truth$truth" '%s%s%n' \
	'9:9:9:9:9 9:9' "x $truth" \
	"$(awk 'BEGIN { while (i++ < 5000) printf "1:2:3:4:5 " }')"; do
	lie "$text"
done
# The lock of another file, truly held through that descriptor.
if command -v flock >/dev/null; then
	flock 9
	lie "9:$device:$inode:$$:$own"
	# And a lock that we do hold does not help with what we do not hold.
	lie "9:$(stat -c %d:%i g.lock):$$:$own"
fi
echo >go
wait

# What was true and is no more: told to a process that outlives the lock.
FILE_LOCK_HELD=$truth
export FILE_LOCK_HELD
expect 0 memory-update f '. += 1' --timeout 0
same f 1
unset FILE_LOCK_HELD
finish
