/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_UTC_H
#define INTERLOCK_UTC_H

/*
 * Moments as text, "2026-01-25T10:30:00Z".
 *
 * Computed here because gmtime_r of the C library reads /etc/localtime first:
 * seven system calls, more than the whole record of a lock's holder costs.
 * The arithmetic counts days in eras of 400 years that begin on 1 March, so
 * that the leap day is the last of a year (the Gregorian calendar's own rule;
 * E. G. Richards, "Mapping Time", 1998, gives the same computation).
 */

#include <stdint.h>
#include <time.h>

enum { UTC_SIZE = 21 }; /* with the NUL, for the years 0 to 9999 */

/* Write MOMENT (seconds since 1970) to TEXT. */
void utc_format(time_t moment, char text[UTC_SIZE]);

/* Read such a text: 0 and *MOMENT, or -1 with errno EINVAL. */
int utc_parse(const char *text, time_t *moment);

#endif
