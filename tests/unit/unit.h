/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_UNIT_H
#define INTERLOCK_UNIT_H

/* What cmocka wants included before it, in the order it wants. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
