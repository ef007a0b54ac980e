/* SPDX-License-Identifier: MIT */
#include "replacing.h"

#include <string.h>

#include "number.h"

/* More than anybody wants to keep, and few enough to rotate. */
enum { BACKUPS_MAX = 999 };

static int take_backup(struct replacing *replacing, const char *text,
		       struct problem *problem)
{
	int64_t count = 1;

	if (text && number_parse("--backup", text, 1, BACKUPS_MAX, &count,
				 problem))
		return -1;
	replacing->options.backups = (unsigned)count;
	return 1;
}

static int take_if_match(struct replacing *replacing, const char *text,
			 struct problem *problem)
{
	if (!etag_is(text))
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--if-match: '%s' is no tag such as "
				   "memory-read --etag prints",
				   text);
	replacing->if_match = text;
	replacing->options.exact = true;
	return 1;
}

int replacing_option(struct replacing *replacing, int id,
		     const struct options *options, struct problem *problem)
{
	switch (id) {
	case OPTION_BACKUP:
		return take_backup(replacing, options->value, problem);
	case OPTION_IF_MATCH:
		return take_if_match(replacing, options->value, problem);
	case OPTION_NO_SYNC:
		replacing->options.no_sync = true;
		return 1;
	case OPTION_NEW_OWNER:
		replacing->options.new_owner = true;
		return 1;
	case OPTION_IN_PLACE:
		replacing->options.in_place = true;
		return 1;
	default:
		return 0;
	}
}

int replacing_match(const struct replacing *replacing, const char *tag,
		    const char *subject, struct problem *problem)
{
	if (!replacing->if_match || !strcmp(replacing->if_match, tag))
		return 0;
	return problem_set(problem, STATUS_STATE, subject,
			   "has changed: its tag is %s, not %s", tag,
			   replacing->if_match);
}
