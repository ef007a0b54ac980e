#!/bin/sh
# SPDX-License-Identifier: MIT
# bootstrap on a bare machine: says what is missing and how to get it, installs
# it once, and does nothing twice. The machine is made of pretenders: package
# managers, compiler and make that write down how they were called.
. "${SRCDIR:?}/tests/lib.sh"

mkdir tree bin
cp "$SRCDIR/bootstrap" tree/
system=$PATH
for program in sh cat chmod cp dirname env grep id ls mkdir mktemp rm sed tail getconf; do
	path=$(command -v "$program") || continue
	case $path in
	/*) ln -s "$path" "bin/$program" ;;
	esac
done

# pretend PROGRAM LINE...: a script that notes its call and does LINE.
pretend() {
	program=$1
	shift
	{
		printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n' \
			"$program" "$work"
		printf '%s\n' "$@"
	} >"bin/$program"
	chmod +x "bin/$program"
}

called() {
	grep -c "^$1" calls
}

bare() {
	: >calls
	env -i PATH="$work/bin" CI="${CI_WAS-}" sh tree/bootstrap "$@"
}

# Whoever we are, an ordinary user first.
rm -f bin/id
pretend id 'echo 1000'

expect 1 bare build
out_is "bootstrap: missing: cc stdio.h make autoreconf automake jv.h xxhash.h\
 cmocka.h
bootstrap: no package manager that this script knows (apt-get, dnf, apk,\
 pacman, brew)"

for manager in brew:jq pacman:xxhash apk:jq-dev dnf:libcmocka-devel \
	apt-get:libxxhash-dev; do
	program=${manager%%:*}
	pretend "$program" 'exit 1'
	expect 1 bare build --no-install
	grep -q "^bootstrap: to install: $program .*${manager#*:}" out ||
		fail "$program: $(cat out)"
	[ "$(called "$program \(add\|install\|-S\)")" -eq 0 ] ||
		fail "$program was called"
	rm "bin/$program"
done

pretend apt-get 'exit 1'
expect 1 bare build
grep -q 'neither root nor sudo. Ask for: apt-get install .* libjq-dev' out ||
	fail "$(cat out)"
[ "$(called apt-get)" -eq 0 ] || fail "apt-get was called"

# sudo is there, but packages cannot be had.
pretend sudo 'while [ "$1" = -n ]; do shift; done; exec "$@"'
expect 1 bare build
err_has 'bootstrap: could not install: gcc'
[ "$(called 'sudo -n ')" -gt 0 ] || fail "sudo asks where nobody can answer"

# Now they can.
pretend packaged \
	'cd "${0%/*}" && for p in cc make autoreconf automake; do cp pretender $p
	done'
cat >bin/pretender <<END
#!/bin/sh
echo "\${0##*/} \$*" >>"$work/calls"
case \${0##*/} in
autoreconf)
	printf '#!/bin/sh\necho "configure \$*" >>"$work/calls"\n: >Makefile\n' \\
		>configure
	chmod +x configure
	;;
esac
END
chmod +x bin/pretender
pretend apt-get '[ "$1" = update ] || exec packaged'
expect 0 bare build --enable-werror
grep -q 'bootstrap: installing: gcc libc6-dev make' out || fail "$(cat out)"
[ "$(called 'apt-get install')" -eq 1 ] || fail "$(cat calls)"
[ "$(called 'configure -q --enable-werror$')" -eq 1 ] || fail "$(cat calls)"
[ "$(called make)" -eq 1 ] || fail "$(cat calls)"

# Nothing is done twice, also without repeating the options.
expect 0 bare build
out_is 'bootstrap: building in build/
bootstrap: done: the programs are in build/'
[ "$(called apt-get)$(called autoreconf)$(called configure)" = 000 ] ||
	fail "$(cat calls)"
[ "$(called make)" -eq 1 ] || fail "$(cat calls)"

# Other options, or the tree in another place, need another configure.
expect 0 bare build --disable-hardening
[ "$(called configure)" -eq 1 ] || fail "$(cat calls)"
mv tree moved && ln -s moved tree
mv moved 'moved tree' && rm tree && ln -s 'moved tree' tree
expect 0 bare build
[ "$(called configure)" -eq 1 ] || fail "$(cat calls)"

# What is merely wished for is asked for once, and missing it is not fatal.
printf '[SUM]\n' >tree/sum
mkdir tree/tests
echo 'echo summed' >tree/tests/summary.sh
: >tree/build/test-suite.log
pretend bash
pretend jq
pretend apt-get 'case $* in *strace*) exit 1 ;; esac'
expect 0 bare check
[ "$(called 'apt-get install.* strace$')" -eq 1 ] || fail "$(cat calls)"
grep -q 'no strace: some tests are skipped' out || fail "$(cat out)"
expect 0 bare check
[ "$(called apt-get)" -eq 0 ] || fail "$(cat calls)"
[ "$(tail -n 1 out)" = summed ] || fail "$(cat out)"

PATH=$system
expect 2 bare
err_has 'Usage:'
expect 1 bare nonsense
err_has 'unknown command: nonsense'
expect 0 bare --help
err_is ''
finish
