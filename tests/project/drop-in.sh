#!/bin/sh
# SPDX-License-Identifier: MIT
# Links take the old scripts' places, and give them back; what cannot be done
# as a whole is not begun.
. "${SRCDIR:?}/tests/lib.sh"

mkdir bin
for name in file-lock atomic-write; do
	printf '#!/bin/sh\necho %s "$@"\n' "$name" >bin/$name
	chmod +x bin/$name
done
drop_in() {
	action=$1
	directory=$2
	sh "$SRCDIR/drop-in.sh" "$action" "$directory" \
		"$work/bin/file-lock" "$work/bin/atomic-write"
}

# A directory that is not there yet.
expect 0 drop_in install new/scripts
expect 0 new/scripts/file-lock.sh show
out_is 'file-lock show'
expect 0 new/scripts/atomic-write.sh
expect 0 drop_in uninstall new/scripts
[ -z "$(ls new/scripts)" ] || fail "left: $(ls new/scripts)"

# Old scripts, one of them a link to somewhere else, are kept.
mkdir scripts
echo old >scripts/file-lock.sh
ln -s ../elsewhere scripts/atomic-write.sh
expect 0 drop_in install scripts
same scripts/file-lock.sh.orig old
[ "$(readlink scripts/atomic-write.sh.orig)" = ../elsewhere ] ||
	fail "the old link is not kept"
expect 0 scripts/file-lock.sh
# Once more: the links are ours, so they are not what is kept.
expect 0 drop_in install scripts
same scripts/file-lock.sh.orig old
expect 0 drop_in uninstall scripts
same scripts/file-lock.sh old
[ "$(readlink scripts/atomic-write.sh)" = ../elsewhere ] ||
	fail "the old link is not back"
expect 0 drop_in uninstall scripts
same scripts/file-lock.sh old

# Refused, with everything as it was.
rm scripts/*
echo one >scripts/atomic-write.sh
echo two >scripts/atomic-write.sh.orig
expect 1 drop_in install scripts
err_has 'atomic-write.sh.orig, which exists'
[ ! -e scripts/file-lock.sh ] || fail "half of the links were made"
same scripts/atomic-write.sh one
rm scripts/*
mkdir scripts/atomic-write.sh
expect 1 drop_in install scripts
err_has 'atomic-write.sh: is a directory'
[ ! -e scripts/file-lock.sh ] || fail "half of the links were made"

expect 1 drop_in install ''
err_has 'SCRIPTS=DIR'
expect 1 drop_in uninstall nowhere
err_has 'nowhere: no such directory'
: >file
expect 1 drop_in install file/scripts
err_has 'file/scripts: cannot be made'
rm bin/atomic-write
expect 1 drop_in install other
err_has 'make install comes first'
finish
