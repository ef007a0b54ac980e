/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_RATE_LIMITS_H
#define INTERLOCK_RATE_LIMITS_H

/*
 * What a user says about rate limits, and how that meets what a state records:
 * --rate and --burst for a single limit, which is called "default"; --limit and
 * --cost for several; --tokens for what no cost names.
 *
 * What is not said is what the state records. What is said and differs from it
 * is an error, unless it is to be changed: two scripts that name one state with
 * different rates would otherwise take turns in changing it.
 *
 * Calling order: rate_limits_init, rate_limits_option for each option that
 * options_next returns, rate_limits_finish; then, on each state that was read,
 * rate_limits_adopt and rate_limits_costs.
 *
 * Errors: -1 with PROBLEM (MISUSE); its subject is SUBJECT, the state's name,
 * where the state is what the words contradict.
 */

#include <stdbool.h>

#include "bucket.h"
#include "options.h"
#include "problem.h"

/* Ids that a tool's own must not collide with. */
enum rate_limits_option {
	OPTION_RATE = 0x7300,
	OPTION_BURST,
	OPTION_LIMIT,
	OPTION_COST,
};

/* Rows for the tool's option table. */
#define RATE_LIMITS_SPECS                                                     \
	{OPTION_RATE, "rate", "N[/s|/m|/h|/d]",                               \
	 "so many tokens a second (3), minute, ...", false, false},           \
	{OPTION_BURST, "burst", "N", "at most so many at once (5)", false,    \
	 false},                                                              \
	{'n', "tokens", "N", "take so many (1)", false, false},               \
	{OPTION_LIMIT, "limit", "NAME=RATE[,burst=N]",                        \
	 "one of several limits, all of which are kept", false, false},       \
	{OPTION_COST, "cost", "NAME=N", "take so many of that limit", false,  \
	 false}

struct rate_limits {
	struct rate_limits_wish {
		char name[BUCKET_NAME];
		bool has_rate;
		struct rate rate;
		int64_t burst; /* 0: not said */
	} wishes[BUCKET_LIMITS], plain;
	struct rate_limits_cost {
		char name[BUCKET_NAME];
		int64_t tokens;
	} costs[BUCKET_LIMITS];
	unsigned wish_count, cost_count;
	int64_t tokens; /* of each limit that no cost names */
};

void rate_limits_init(struct rate_limits *limits);

/* If ID is one of RATE_LIMITS_SPECS, take it with VALUE: 1. If not: 0. */
int rate_limits_option(struct rate_limits *limits, int id, const char *value,
		       struct problem *problem);

/* All options were taken: do they fit together? */
int rate_limits_finish(struct rate_limits *limits, struct problem *problem);

/*
 * Let BUCKET be as LIMITS say, where CHANGE allows it; *CHANGED is set if it
 * was not so before. A bucket without limits gets what is said, or the default.
 */
int rate_limits_adopt(const struct rate_limits *limits, struct bucket *bucket,
		      const char *subject, bool change, int64_t now,
		      bool *changed, struct problem *problem);

/*
 * What is to be taken from (or given back to) each limit of BUCKET. WITHIN:
 * what exceeds a burst is an error, as it can never be granted.
 */
int rate_limits_costs(const struct rate_limits *limits,
		      const struct bucket *bucket, const char *subject,
		      bool within, int64_t cost[BUCKET_LIMITS],
		      struct problem *problem);

#endif
