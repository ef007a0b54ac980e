/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_HOOKS_H
#define INTERLOCK_HOOKS_H

/*
 * What programs that run filters do for libjq: what `debug` and `stderr` print
 * goes to standard error as it is, with its own line ends; where memory runs
 * out, a message, and the end (FAILED), as libjq cannot go on.
 *
 * Like diag and usage, this unit writes, and only tools use it.
 */

#include "filter.h"

extern const struct filter_hooks hooks_for_tools;

#endif
