/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "rate_limits.h"

#define START INT64_C(1000000000)

struct given {
	int id;
	const char *value;
};

/* What these options, ended by one whose id is 0, say. */
static int say(struct rate_limits *limits, const struct given *given,
	       struct problem *problem)
{
	rate_limits_init(limits);
	for (; given->id; given++)
		if (rate_limits_option(limits, given->id, given->value,
				       problem) != 1)
			return -1;
	return rate_limits_finish(limits, problem);
}

static struct bucket adopted(const struct given *given)
{
	struct rate_limits limits;
	struct problem problem;
	struct bucket bucket;
	bool changed = false;

	assert_int_equal(say(&limits, given, &problem), 0);
	bucket_init(&bucket, "boot", 1, START, 0);
	assert_int_equal(rate_limits_adopt(&limits, &bucket, "state", false,
					   START, &changed, &problem), 0);
	assert_true(changed);
	return bucket;
}

static void assert_limit(const struct bucket *bucket, const char *name,
			 const char *rate, int64_t burst)
{
	int index = bucket_find(bucket, name);
	struct rate expected;

	assert_true(index >= 0);
	assert_int_equal(rate_parse(rate, &expected), 0);
	assert_true(rate_equal(bucket->limit[index].rate, expected));
	assert_int_equal(bucket->limit[index].burst, burst);
}

static void limits__nothing_said__is_the_default(void **state)
{
	struct bucket bucket = adopted((struct given[]){{0, NULL}});

	(void)state;
	assert_int_equal(bucket.limits, 1);
	assert_limit(&bucket, "default", "3/s", 5);
}

static void limits__half_said__is_the_default_for_the_rest(void **state)
{
	struct bucket bucket;

	(void)state;
	bucket = adopted((struct given[]){{OPTION_BURST, "9"}, {0, NULL}});
	assert_limit(&bucket, "default", "3/s", 9);
	bucket = adopted((struct given[]){{OPTION_RATE, "7/m"}, {0, NULL}});
	assert_limit(&bucket, "default", "7/m", 5);
}

static void limits__burst_with_limits__is_for_those_without(void **state)
{
	struct bucket bucket = adopted((struct given[]){
		{OPTION_LIMIT, "rpm=60/m"},
		{OPTION_LIMIT, "tpm=90000/m,burst=9000"},
		{OPTION_BURST, "7"},
		{0, NULL},
	});

	(void)state;
	assert_int_equal(bucket.limits, 2);
	assert_limit(&bucket, "rpm", "60/m", 7);
	assert_limit(&bucket, "tpm", "90000/m", 9000);
}

static void limits__rate_beside_limits__is_one_more(void **state)
{
	struct bucket bucket = adopted((struct given[]){
		{OPTION_LIMIT, "rpm=60/m"},
		{OPTION_RATE, "2"},
		{OPTION_BURST, "7"},
		{0, NULL},
	});

	(void)state;
	assert_limit(&bucket, "rpm", "60/m", 5);
	assert_limit(&bucket, "default", "2", 7);
}

static void limits__same_as_recorded__changes_nothing(void **state)
{
	const struct given given[] = {{OPTION_RATE, "60/m"}, {0, NULL}};
	struct bucket bucket = adopted(given), before = bucket;
	struct rate_limits limits;
	struct problem problem;
	bool changed = false;

	(void)state;
	say(&limits, (struct given[]){{OPTION_RATE, "1/s"}, {0, NULL}},
	    &problem);
	assert_int_equal(rate_limits_adopt(&limits, &bucket, "state", false,
					   START, &changed, &problem), 0);
	assert_false(changed);
	assert_memory_equal(&bucket, &before, sizeof(bucket));
}

static void limits__other_than_recorded__needs_to_be_allowed(void **state)
{
	struct bucket bucket = adopted((struct given[]){{0, NULL}});
	struct rate_limits limits;
	struct problem problem;
	bool changed = false;

	(void)state;
	say(&limits, (struct given[]){{OPTION_RATE, "4"}, {0, NULL}}, &problem);
	assert_int_equal(rate_limits_adopt(&limits, &bucket, "state", false,
					   START, &changed, &problem), -1);
	assert_int_equal(problem.status, STATUS_MISUSE);
	assert_string_equal(problem.subject, "state");
	assert_false(changed);
	assert_int_equal(rate_limits_adopt(&limits, &bucket, "state", true,
					   START, &changed, &problem), 0);
	assert_true(changed);
	assert_limit(&bucket, "default", "4", 5);
}

static void costs__unnamed_limits__cost_the_tokens(void **state)
{
	struct bucket bucket = adopted((struct given[]){
		{OPTION_LIMIT, "rpm=60/m"},
		{OPTION_LIMIT, "tpm=90000/m,burst=9000"},
		{0, NULL},
	});
	struct rate_limits limits;
	struct problem problem;
	int64_t cost[BUCKET_LIMITS];

	(void)state;
	say(&limits, (struct given[]){{'n', "2"}, {OPTION_COST, "tpm=1500"},
				      {0, NULL}}, &problem);
	assert_int_equal(rate_limits_costs(&limits, &bucket, "state", true,
					   cost, &problem), 0);
	assert_int_equal(cost[0], 2);
	assert_int_equal(cost[1], 1500);
	assert_int_equal(cost[2], 0);
}

static void costs__above_the_burst__can_never_be_granted(void **state)
{
	struct bucket bucket = adopted((struct given[]){{0, NULL}});
	struct rate_limits limits;
	struct problem problem;
	int64_t cost[BUCKET_LIMITS];

	(void)state;
	say(&limits, (struct given[]){{'n', "6"}, {0, NULL}}, &problem);
	assert_int_equal(rate_limits_costs(&limits, &bucket, "state", true,
					   cost, &problem), -1);
	assert_non_null(strstr(problem.reason, "can never be granted"));
	assert_int_equal(rate_limits_costs(&limits, &bucket, "state", false,
					   cost, &problem), 0);
	assert_int_equal(cost[0], 6);
}

static void words__nonsense__is_misuse(void **state)
{
	static const struct given nonsense[] = {
		{OPTION_RATE, "0"}, {OPTION_RATE, "3/fortnight"},
		{OPTION_BURST, "0"}, {'n', "0"}, {OPTION_LIMIT, "60/m"},
		{OPTION_LIMIT, "=60/m"}, {OPTION_LIMIT, "a=60/m,size=3"},
		{OPTION_LIMIT, "a=60/m,burst="}, {OPTION_LIMIT, "a b=60/m"},
		{OPTION_LIMIT, "a=3.00000000000000000000000000000000000000001"},
		{OPTION_LIMIT, "abcdefghijklmnopqrstuvwxyz012345=3"},
		{OPTION_COST, "a"}, {OPTION_COST, "a=-1"}, {OPTION_COST, "a="},
	};
	struct rate_limits limits;
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		rate_limits_init(&limits);
		if (rate_limits_option(&limits, nonsense[i].id,
				       nonsense[i].value, &problem) != -1)
			fail_msg("\"%s\" was taken", nonsense[i].value);
		assert_int_equal(problem.status, STATUS_MISUSE);
	}
	assert_int_equal(rate_limits_option(&limits, 'x', "1", &problem), 0);
}

static void words__twice__is_misuse(void **state)
{
	struct rate_limits limits;
	struct problem problem;

	(void)state;
	assert_int_equal(say(&limits, (struct given[]){
		{OPTION_LIMIT, "a=1"}, {OPTION_LIMIT, "a=1"}, {0, NULL}},
		&problem), -1);
	assert_int_equal(say(&limits, (struct given[]){
		{OPTION_COST, "a=1"}, {OPTION_COST, "a=1"}, {0, NULL}},
		&problem), -1);
	assert_int_equal(say(&limits, (struct given[]){
		{OPTION_LIMIT, "default=1"}, {OPTION_RATE, "1"}, {0, NULL}},
		&problem), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits__nothing_said__is_the_default),
		cmocka_unit_test(
			limits__half_said__is_the_default_for_the_rest),
		cmocka_unit_test(
			limits__burst_with_limits__is_for_those_without),
		cmocka_unit_test(limits__rate_beside_limits__is_one_more),
		cmocka_unit_test(limits__same_as_recorded__changes_nothing),
		cmocka_unit_test(
			limits__other_than_recorded__needs_to_be_allowed),
		cmocka_unit_test(costs__unnamed_limits__cost_the_tokens),
		cmocka_unit_test(costs__above_the_burst__can_never_be_granted),
		cmocka_unit_test(words__nonsense__is_misuse),
		cmocka_unit_test(words__twice__is_misuse),
	};

	return cmocka_run_group_tests_name("rate_limits", tests, NULL, NULL);
}
