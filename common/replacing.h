/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_REPLACING_H
#define INTERLOCK_REPLACING_H

/*
 * What a user says about how FILE is replaced, the same for every program that
 * does: --backup, --if-match, --no-sync, --new-owner, --in-place.
 *
 * Calling order: REPLACING_INIT, replacing_option for each option that
 * options_next returns; then options is for replace_init, and replacing_match
 * is asked under the lock.
 */

#include "etag.h"
#include "options.h"
#include "problem.h"
#include "replace.h"

/* Ids that a tool's own must not collide with. */
enum replacing_option {
	OPTION_BACKUP = 0x7100,
	OPTION_IF_MATCH,
	OPTION_NO_SYNC,
	OPTION_NEW_OWNER,
	OPTION_IN_PLACE,
};

/* Rows for the tool's option table. */
#define REPLACING_SPECS                                                       \
	{OPTION_BACKUP, "backup", "N",                                        \
	 "keep what FILE held as FILE.bak, FILE.bak.1, ... (1)", true, false}, \
	{OPTION_IF_MATCH, "if-match", "ETAG",                                 \
	 "only if FILE's content has this tag (none: if it is missing)",      \
	 false, false},                                                       \
	{OPTION_NO_SYNC, "no-sync", NULL, "do not wait for the disk", false,  \
	 false},                                                              \
	{OPTION_NEW_OWNER, "new-owner", NULL,                                 \
	 "go on where FILE's owner cannot be kept", false, false},            \
	{OPTION_IN_PLACE, "in-place", NULL,                                   \
	 "write into FILE itself: keeps its inode, not safe from kills",      \
	 false, false}

struct replacing {
	struct replace_options options;
	const char *if_match; /* or NULL */
};

/*
 * If ID is one of REPLACING_SPECS, take it with the value in OPTIONS: 1. Not
 * one of them: 0. A value that makes no sense: -1 with PROBLEM (MISUSE).
 */
int replacing_option(struct replacing *replacing, int id,
		     const struct options *options, struct problem *problem);

/* --if-match against TAG, that of SUBJECT: 0, or -1 with PROBLEM (STATE). */
int replacing_match(const struct replacing *replacing, const char *tag,
		    const char *subject, struct problem *problem);

#endif
