/* SPDX-License-Identifier: MIT */
#include "utc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	DAY = 86400,
	DAYS_PER_ERA = 146097,	/* 400 years */
	DAYS_TO_1970 = 719468,	/* from 0000-03-01 */
	YEARS_PER_ERA = 400,
};

struct date {
	long year;
	unsigned month, day; /* from 1 */
};

static struct date date_from_days(long days)
{
	long era, year;
	unsigned in_era, in_year, march_month;
	struct date date;

	days += DAYS_TO_1970;
	era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	in_era = (unsigned)(days - era * DAYS_PER_ERA);
	year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) /
	       365;
	in_year = in_era - (unsigned)(365 * year + year / 4 - year / 100);
	march_month = (5 * in_year + 2) / 153;
	date.day = in_year - (153 * march_month + 2) / 5 + 1;
	date.month = march_month < 10 ? march_month + 3 : march_month - 9;
	date.year = year + era * YEARS_PER_ERA + (date.month <= 2);
	return date;
}

static long days_from_date(struct date date)
{
	long year = date.year - (date.month <= 2);
	long era = (year >= 0 ? year : year - (YEARS_PER_ERA - 1)) /
		   YEARS_PER_ERA;
	long of_era = year - era * YEARS_PER_ERA;
	unsigned march_month =
		date.month > 2 ? date.month - 3 : date.month + 9;
	long in_year = (153 * march_month + 2) / 5 + date.day - 1;

	return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 +
	       in_year - DAYS_TO_1970;
}

void utc_format(time_t moment, char text[UTC_SIZE])
{
	long days = (long)(moment / DAY), seconds = (long)(moment % DAY);
	struct date date;

	if (seconds < 0) {
		seconds += DAY;
		days--;
	}
	date = date_from_days(days);
	snprintf(text, UTC_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned)date.year % 10000, date.month % 100, date.day % 100,
		 (unsigned)(seconds / 3600) % 100,
		 (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
}

int utc_parse(const char *text, time_t *moment)
{
	struct date date;
	unsigned hour, minute, second;
	char again[UTC_SIZE];
	time_t result;

	if (strlen(text) != UTC_SIZE - 1 ||
	    sscanf(text, "%4ld-%2u-%2uT%2u:%2u:%2uZ", &date.year, &date.month,
		   &date.day, &hour, &minute, &second) != 6 ||
	    date.month < 1 || date.month > 12)
		goto invalid;
	result = (time_t)days_from_date(date) * DAY + hour * 3600 +
		 minute * 60 + second;
	/* What does not come out as it went in was no such moment. */
	utc_format(result, again);
	if (strcmp(again, text))
		goto invalid;
	*moment = result;
	return 0;
invalid:
	errno = EINVAL;
	return -1;
}
