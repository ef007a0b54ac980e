dnl SPDX-License-Identifier: MIT

dnl INTERLOCK_TRY_FLAG(VARIABLE, FLAG, [LINK])
dnl Add FLAG to VARIABLE if the compiler takes it without a word.
AC_DEFUN([INTERLOCK_TRY_FLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  interlock_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  m4_if([$3], [LINK],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])],
    [AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
      [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])])
  CFLAGS=$interlock_CFLAGS
])

AC_DEFUN([INTERLOCK_C11], [
  INTERLOCK_TRY_FLAG([AM_CFLAGS], [-std=c11])
  AS_CASE([$AM_CFLAGS], [*-std=c11*], [],
    [AC_MSG_ERROR([a C11 compiler is needed])])
])

AC_DEFUN([INTERLOCK_WARNINGS], [
  m4_foreach_w([flag], [-Wall -Wextra -Wpedantic -Wshadow -Wvla
    -Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition
    -Wmissing-declarations -Wdeclaration-after-statement -Wwrite-strings
    -Wcast-qual -Wpointer-arith -Wformat=2
    -Wundef -Wnull-dereference -Wduplicated-cond -Wduplicated-branches
    -Wlogical-op -Wimplicit-fallthrough -Wunused -Wredundant-decls
    -Wnested-externs -Winit-self],
    [INTERLOCK_TRY_FLAG([AM_CFLAGS], m4_defn([flag]))])
  dnl The units that make messages hand formats through.
  INTERLOCK_TRY_FLAG([AM_CFLAGS], [-Wno-format-nonliteral])
])

AC_DEFUN([INTERLOCK_HARDENING], [
  INTERLOCK_TRY_FLAG([AM_CFLAGS], [-fstack-protector-strong], [LINK])
  INTERLOCK_TRY_FLAG([AM_CFLAGS], [-fPIE])
  INTERLOCK_TRY_FLAG([AM_LDFLAGS], [-pie], [LINK])
  INTERLOCK_TRY_FLAG([AM_LDFLAGS], [-Wl,-z,relro], [LINK])
  INTERLOCK_TRY_FLAG([AM_LDFLAGS], [-Wl,-z,now], [LINK])
  dnl FORTIFY needs an optimizing build and fights with sanitizers.
  AS_IF([test "x$enable_sanitizers" != xyes],
    [AS_CASE([" $CFLAGS "], [*" -O0 "*|*_FORTIFY_SOURCE*], [],
      [AM_CFLAGS="$AM_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])
])
