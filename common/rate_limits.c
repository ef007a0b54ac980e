/* SPDX-License-Identifier: MIT */
#include "rate_limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "number.h"

/* Used where nothing else is said, and for --rate and --burst. */
static const char default_name[] = "default";
static const struct rate default_rate = {3, NS_PER_SECOND};

enum { DEFAULT_BURST = 5 };

void rate_limits_init(struct rate_limits *limits)
{
	*limits = (struct rate_limits){.tokens = 1};
}

/* --- words --------------------------------------------------------------- */

static int misuse(struct problem *problem, const char *option,
		  const char *value, const char *reason)
{
	return problem_set(problem, STATUS_MISUSE, NULL, "%s: '%s' %s", option,
			   value, reason);
}

static int too_many(struct problem *problem)
{
	return problem_set(problem, STATUS_MISUSE, NULL, "at most %d limits",
			   BUCKET_LIMITS);
}

static int take_rate(const char *option, const char *text, struct rate *rate,
		     struct problem *problem)
{
	if (!rate_parse(text, rate))
		return 0;
	if (errno == ERANGE)
		return misuse(problem, option, text,
			      "is too high, too low or too finely given");
	return misuse(problem, option, text,
		      "is not a rate above 0 such as 3, 0.5/s, 60/m, 1000/h "
		      "or 5/d");
}

/* The NAME of NAME=..., and where what is behind the sign begins. */
static const char *take_name(const char *option, const char *text,
			     char name[BUCKET_NAME], struct problem *problem)
{
	size_t length = strcspn(text, "=");

	snprintf(name, BUCKET_NAME, "%.*s", (int)length, text);
	if (text[length] && length < BUCKET_NAME && bucket_name_valid(name))
		return text + length + 1;
	misuse(problem, option, text,
	       "does not begin with NAME=, a name of up to 31 letters, digits, "
	       "'.', '_', '-'");
	return NULL;
}

/* RATE[,burst=N] */
static int take_terms(struct rate_limits_wish *wish, const char *text,
		      struct problem *problem)
{
	static const char word[] = ",burst=";
	size_t length = strcspn(text, ",");
	char rate[RATE_TEXT];

	if (length >= sizeof(rate))
		return misuse(problem, "--limit", text, "has too long a rate");
	memcpy(rate, text, length);
	rate[length] = '\0';
	wish->has_rate = true;
	if (take_rate("--limit", rate, &wish->rate, problem))
		return -1;
	text += length;
	if (!*text)
		return 0;
	if (strncmp(text, word, sizeof(word) - 1))
		return misuse(problem, "--limit", text + 1, "is not burst=N");
	return number_parse("--limit burst", text + sizeof(word) - 1, 1,
			    RATE_TOKENS_MAX, &wish->burst, problem);
}

static int take_limit(struct rate_limits *limits, const char *text,
		      struct problem *problem)
{
	struct rate_limits_wish wish = {.burst = 0};
	const char *terms = take_name("--limit", text, wish.name, problem);

	if (!terms || take_terms(&wish, terms, problem))
		return -1;
	for (unsigned i = 0; i < limits->wish_count; i++)
		if (!strcmp(limits->wishes[i].name, wish.name))
			return misuse(problem, "--limit", wish.name,
				      "is given twice");
	if (limits->wish_count == BUCKET_LIMITS)
		return too_many(problem);
	limits->wishes[limits->wish_count++] = wish;
	return 0;
}

static int take_cost(struct rate_limits *limits, const char *text,
		     struct problem *problem)
{
	struct rate_limits_cost cost;
	const char *value = take_name("--cost", text, cost.name, problem);

	if (!value || number_parse("--cost", value, 0, RATE_TOKENS_MAX,
				   &cost.tokens, problem))
		return -1;
	for (unsigned i = 0; i < limits->cost_count; i++)
		if (!strcmp(limits->costs[i].name, cost.name))
			return misuse(problem, "--cost", cost.name,
				      "is given twice");
	if (limits->cost_count == BUCKET_LIMITS)
		return too_many(problem);
	limits->costs[limits->cost_count++] = cost;
	return 0;
}

int rate_limits_option(struct rate_limits *limits, int id, const char *value,
		       struct problem *problem)
{
	int result;

	switch (id) {
	case OPTION_RATE:
		limits->plain.has_rate = true;
		result = take_rate("--rate", value, &limits->plain.rate,
				   problem);
		break;
	case OPTION_BURST:
		result = number_parse("--burst", value, 1, RATE_TOKENS_MAX,
				      &limits->plain.burst, problem);
		break;
	case 'n':
		result = number_parse("--tokens", value, 1, RATE_TOKENS_MAX,
				      &limits->tokens, problem);
		break;
	case OPTION_LIMIT:
		result = take_limit(limits, value, problem);
		break;
	case OPTION_COST:
		result = take_cost(limits, value, problem);
		break;
	default:
		return 0;
	}
	return result ? -1 : 1;
}

/*
 * --rate is the limit "default". --burst belongs to it; without --rate, to all
 * limits that have none of their own, or else to "default".
 */
int rate_limits_finish(struct rate_limits *limits, struct problem *problem)
{
	const struct rate_limits_wish *plain = &limits->plain;
	struct rate_limits_wish *wish = limits->wishes;

	for (unsigned i = 0; i < limits->wish_count; i++, wish++) {
		if (plain->has_rate && !strcmp(wish->name, default_name))
			return misuse(problem, "--limit", wish->name,
				      "is what --rate gives as well");
		if (!plain->has_rate && !wish->burst)
			wish->burst = plain->burst;
	}
	if (!plain->has_rate && (!plain->burst || limits->wish_count))
		return 0;
	if (limits->wish_count == BUCKET_LIMITS)
		return too_many(problem);
	*wish = *plain;
	memcpy(wish->name, default_name, sizeof(default_name));
	limits->wish_count++;
	return 0;
}

/* --- against a state ----------------------------------------------------- */

/* A state that is met, and how. */
struct meeting {
	struct bucket *bucket;
	const char *subject;
	bool change;
	int64_t now;
	bool *changed;
	struct problem *problem;
};

static int set_limit(const struct meeting *meeting, const char *name,
		     struct rate rate, int64_t burst)
{
	*meeting->changed = true;
	if (!bucket_set(meeting->bucket, name, rate, burst, meeting->now))
		return 0;
	if (errno == ENOSPC)
		return problem_set(meeting->problem, STATUS_MISUSE,
				   meeting->subject, "holds at most %d limits",
				   BUCKET_LIMITS);
	return problem_set(meeting->problem, STATUS_MISUSE, NULL,
			   "limit %s: so large a burst takes too long at so "
			   "low a rate", name);
}

static int add_limit(const struct meeting *meeting,
		     const struct rate_limits_wish *wish)
{
	return set_limit(meeting, wish->name,
			 wish->has_rate ? wish->rate : default_rate,
			 wish->burst ? wish->burst : DEFAULT_BURST);
}

static int differs(const struct meeting *meeting,
		   const struct bucket_limit *limit, struct rate rate,
		   int64_t burst)
{
	char was[RATE_TEXT], wanted[RATE_TEXT];

	rate_show(limit->rate, was);
	rate_show(rate, wanted);
	return problem_set(meeting->problem, STATUS_MISUSE, meeting->subject,
			   "limit %s is %s with burst %lld, not %s with burst "
			   "%lld: --set changes it", limit->name, was,
			   (long long)limit->burst, wanted, (long long)burst);
}

static int adopt(const struct meeting *meeting,
		 const struct rate_limits_wish *wish)
{
	int index = bucket_find(meeting->bucket, wish->name);
	const struct bucket_limit *limit;
	struct rate rate;
	int64_t burst;

	if (index < 0 && !meeting->change)
		return problem_set(meeting->problem, STATUS_MISUSE,
				   meeting->subject,
				   "has no limit %s: --set adds it",
				   wish->name);
	if (index < 0)
		return add_limit(meeting, wish);
	limit = &meeting->bucket->limit[index];
	rate = wish->has_rate ? wish->rate : limit->rate;
	burst = wish->burst ? wish->burst : limit->burst;
	if (rate_equal(rate, limit->rate) && burst == limit->burst)
		return 0;
	if (meeting->change)
		return set_limit(meeting, wish->name, rate, burst);
	return differs(meeting, limit, rate, burst);
}

int rate_limits_adopt(const struct rate_limits *limits, struct bucket *bucket,
		      const char *subject, bool change, int64_t now,
		      bool *changed, struct problem *problem)
{
	const struct meeting meeting = {
		bucket, subject, change || !bucket->limits, now, changed,
		problem,
	};

	if (!bucket->limits && !limits->wish_count)
		return set_limit(&meeting, default_name, default_rate,
				 DEFAULT_BURST);
	for (unsigned i = 0; i < limits->wish_count; i++)
		if (adopt(&meeting, &limits->wishes[i]))
			return -1;
	return 0;
}

int rate_limits_costs(const struct rate_limits *limits,
		      const struct bucket *bucket, const char *subject,
		      bool within, int64_t cost[BUCKET_LIMITS],
		      struct problem *problem)
{
	for (unsigned i = 0; i < BUCKET_LIMITS; i++)
		cost[i] = i < bucket->limits ? limits->tokens : 0;
	for (unsigned i = 0; i < limits->cost_count; i++) {
		const struct rate_limits_cost *named = &limits->costs[i];
		int index = bucket_find(bucket, named->name);

		if (index < 0)
			return problem_set(problem, STATUS_MISUSE, subject,
					   "--cost: has no limit %s",
					   named->name);
		cost[index] = named->tokens;
	}
	for (unsigned i = 0; within && i < bucket->limits; i++) {
		const struct bucket_limit *limit = &bucket->limit[i];

		if (cost[i] > limit->burst)
			return problem_set(problem, STATUS_MISUSE, subject,
					   "%lld tokens can never be granted: "
					   "limit %s holds at most %lld "
					   "(its burst)", (long long)cost[i],
					   limit->name,
					   (long long)limit->burst);
	}
	return 0;
}
