/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "../helpers/windows.h"
#include "bucket.h"
#include "bucket_record.h"
#include "duration.h"

#define SECOND NS_PER_SECOND
#define DAY (86400 * NS_PER_SECOND)
#define START (1000 * SECOND)
#define BOOT "boot-1"

static struct rate parse(const char *text)
{
	struct rate rate;

	if (rate_parse(text, &rate))
		fail_msg("\"%s\" was refused", text);
	return rate;
}

static struct bucket make(const char *rate, int64_t burst)
{
	struct bucket bucket;

	bucket_init(&bucket, BOOT, 42, START, 0);
	assert_int_equal(bucket_set(&bucket, "default", parse(rate), burst,
				    START), 0);
	return bucket;
}

/* A claim on TOKENS of the first limit, reserved at NOW. */
static struct bucket_claim reserve(struct bucket *bucket, int64_t tokens,
				   int64_t now)
{
	struct bucket_claim claim = {.cost = {tokens}};

	assert_int_equal(bucket_reserve(bucket, &claim, now), 0);
	return claim;
}

static int64_t plan(const struct bucket *bucket, int64_t tokens, int64_t now)
{
	const int64_t cost[BUCKET_LIMITS] = {tokens};

	return bucket_plan(bucket, cost, now);
}

static void take_now(struct bucket *bucket, int64_t tokens, int64_t now)
{
	struct bucket_claim claim = reserve(bucket, tokens, now);

	assert_int_equal(bucket_depart(bucket, &claim, now), BUCKET_GRANTED);
	assert_int_equal(claim.departure, now);
}

static void assert_leaves(struct bucket *bucket, struct bucket_claim *claim,
			  int64_t now)
{
	assert_int_equal(bucket_depart(bucket, claim, now), BUCKET_GRANTED);
}

static void assert_early(struct bucket *bucket, struct bucket_claim *claim,
			 int64_t now, int64_t wake)
{
	assert_int_equal(bucket_depart(bucket, claim, now), BUCKET_EARLY);
	assert_int_equal(claim->wake, wake);
}

/* --- slots --------------------------------------------------------------- */

static void bucket__full__grants_its_burst_at_once(void **state)
{
	struct bucket bucket = make("3/s", 5);

	(void)state;
	assert_int_equal(bucket_available(&bucket.limit[0], START), 5);
	for (int i = 0; i < 5; i++)
		take_now(&bucket, 1, START);
	assert_int_equal(bucket_available(&bucket.limit[0], START), 0);
	assert_int_equal(plan(&bucket, 1, START), START + 333333334);
}

static void bucket__empty__gives_slots_one_token_apart(void **state)
{
	struct bucket bucket = make("3/s", 1);

	(void)state;
	take_now(&bucket, 1, START);
	assert_int_equal(reserve(&bucket, 1, START).due, START + 333333334);
	/* A slot is a whole nanosecond, and never before there is a token. */
	assert_int_equal(reserve(&bucket, 1, START).due, START + 666666668);
}

static void bucket__refilled__holds_no_more_than_its_burst(void **state)
{
	struct bucket bucket = make("3/s", 5);

	(void)state;
	take_now(&bucket, 5, START);
	assert_int_equal(bucket_available(&bucket.limit[0],
					  START + SECOND - 1), 2);
	assert_int_equal(bucket_available(&bucket.limit[0], START + SECOND), 3);
	assert_int_equal(bucket_available(&bucket.limit[0], START + DAY), 5);
	take_now(&bucket, 5, START + DAY);
	assert_int_equal(bucket_available(&bucket.limit[0], START + DAY), 0);
}

static void
bucket__large_cost_waits__small_one_stays_behind(void **state)
{
	struct bucket bucket = make("1/s", 10);
	struct bucket_claim large, small;

	(void)state;
	take_now(&bucket, 5, START);
	large = reserve(&bucket, 10, START);
	small = reserve(&bucket, 1, START);
	assert_int_equal(large.due, START + 5 * SECOND);
	assert_int_equal(small.due, START + 6 * SECOND);
}

static void bucket__several_limits__all_or_nothing(void **state)
{
	struct bucket bucket = make("1/s", 10);
	struct bucket_claim claim = {.cost = {1, 4000}};

	(void)state;
	assert_int_equal(bucket_set(&bucket, "tpm", parse("1000/s"), 4000,
				    START), 0);
	assert_int_equal(bucket_reserve(&bucket, &claim, START), 0);
	assert_leaves(&bucket, &claim, START);
	assert_int_equal(bucket_reserve(&bucket, &claim, START), 0);
	assert_int_equal(claim.due, START + 4 * SECOND);
	/* Order holds across limits. */
	claim = (struct bucket_claim){.cost = {1, 0}};
	assert_int_equal(bucket_plan(&bucket, claim.cost, START),
			 START + 4 * SECOND);
}

static void bucket__endless_queue__is_refused_and_takes_nothing(void **state)
{
	struct bucket bucket = make("0.001/d", 1), before;
	struct bucket_claim claim = {.cost = {1}};
	int given = 0;

	(void)state;
	do {
		before = bucket;
		errno = 0;
	} while (!bucket_reserve(&bucket, &claim, START) && ++given < 100000);
	assert_int_equal(errno, ERANGE);
	assert_true(given > 10);
	assert_memory_equal(&bucket, &before, sizeof(bucket));
}

/* --- departures ---------------------------------------------------------- */

static void bucket__woken_in_time__leaves_at_its_slot(void **state)
{
	struct bucket bucket = make("100/s", 1);
	struct bucket_claim claim;

	(void)state;
	take_now(&bucket, 1, START);
	claim = reserve(&bucket, 1, START);
	assert_early(&bucket, &claim, START, START + SECOND / 100);
	assert_leaves(&bucket, &claim, claim.wake + 3000000);
	assert_int_equal(claim.departure, START + SECOND / 100);
	/* Its lateness has cost the next one nothing. */
	assert_int_equal(plan(&bucket, 1, START), START + SECOND / 50);
}

static void bucket__twenty_stopped__leave_one_token_apart(void **state)
{
	struct bucket bucket = make("10/s", 1);
	struct bucket_claim claims[20];
	int64_t back = START + 3 * SECOND;
	int64_t first = back - BUCKET_GRACE, next;

	(void)state;
	take_now(&bucket, 1, START);
	for (int i = 0; i < 20; i++)
		claims[i] = reserve(&bucket, 1, START);
	assert_leaves(&bucket, &claims[0], back);
	assert_int_equal(claims[0].departure, first);
	for (int i = 1; i < 20; i++)
		assert_early(&bucket, &claims[i], back,
			     first + i * SECOND / 10);
	/* Who comes now is after them. */
	next = plan(&bucket, 1, back);
	assert_int_equal(next, first + 20 * SECOND / 10);
	/* Exactly one more sleep. */
	for (int i = 1; i < 20; i++) {
		assert_leaves(&bucket, &claims[i],
			      first + i * SECOND / 10 + 1000);
		assert_int_equal(claims[i].departure,
				 first + i * SECOND / 10);
	}
	assert_int_equal(plan(&bucket, 1, back), next);
}

static void bucket__stopped_and_back_in_reverse__one_more_sleep(void **state)
{
	struct bucket bucket = make("10/s", 1);
	struct bucket_claim claims[20];
	int64_t back = START + 3 * SECOND;
	int64_t first = back - BUCKET_GRACE;

	(void)state;
	take_now(&bucket, 1, START);
	for (int i = 0; i < 20; i++)
		claims[i] = reserve(&bucket, 1, START);
	assert_leaves(&bucket, &claims[19], back);
	for (int i = 18; i >= 0; i--)
		assert_early(&bucket, &claims[i], back,
			     first + (19 - i) * SECOND / 10);
	for (int i = 18; i >= 0; i--)
		assert_leaves(&bucket, &claims[i], claims[i].wake);
	/* Nothing was lost but the time in which all stood still. */
	assert_int_equal(plan(&bucket, 1, back), first + 20 * SECOND / 10);
}

static void bucket__stopped_twice__still_does_not_bunch(void **state)
{
	struct bucket bucket = make("10/s", 1);
	struct bucket_claim claims[5];
	int64_t back = START + 3 * SECOND, last = back;

	(void)state;
	take_now(&bucket, 1, START);
	for (int i = 0; i < 5; i++)
		claims[i] = reserve(&bucket, 1, START);
	assert_leaves(&bucket, &claims[4], back);
	for (int i = 3; i >= 0; i--)
		assert_int_equal(bucket_depart(&bucket, &claims[i], back),
				 BUCKET_EARLY);
	back += 5 * SECOND;
	for (int i = 0; i < 4; i++) {
		if (bucket_depart(&bucket, &claims[i], back) == BUCKET_EARLY)
			assert_leaves(&bucket, &claims[i], claims[i].wake);
		assert_true(claims[i].departure >= last + SECOND / 10);
		last = claims[i].departure;
	}
}

static void bucket__dead_waiter__costs_only_its_own_tokens(void **state)
{
	struct bucket bucket = make("10/s", 1);
	struct bucket_claim dead, alive;

	(void)state;
	take_now(&bucket, 1, START);
	dead = reserve(&bucket, 1, START);
	alive = reserve(&bucket, 1, START);
	assert_int_equal(bucket_place(&bucket, &alive), 2);
	assert_leaves(&bucket, &alive, alive.due);
	assert_int_equal(alive.departure, dead.due + SECOND / 10);
	assert_int_equal(plan(&bucket, 1, START), alive.due + SECOND / 10);
}

/* --- pauses, refunds, giving back ---------------------------------------- */

static void bucket__pause__reaches_sleepers_and_keeps_their_order(void **state)
{
	struct bucket bucket = make("10/s", 1);
	struct bucket_claim first, second, late;
	int64_t end = START + 60 * SECOND;

	(void)state;
	take_now(&bucket, 1, START);
	first = reserve(&bucket, 1, START);
	second = reserve(&bucket, 1, START);
	bucket_pause(&bucket, 60 * SECOND, START);
	late = reserve(&bucket, 1, START);
	assert_early(&bucket, &first, first.due, end + SECOND / 10);
	assert_early(&bucket, &second, second.due, end + SECOND / 5);
	assert_int_equal(late.due, end + 3 * SECOND / 10);
	assert_leaves(&bucket, &first, first.wake);
	assert_leaves(&bucket, &second, second.wake);
	assert_leaves(&bucket, &late, late.wake);
}

static void bucket__pause__longest_of_several_counts_once(void **state)
{
	struct bucket bucket = make("10/s", 2);

	(void)state;
	bucket_pause(&bucket, 60 * SECOND, START);
	bucket_pause(&bucket, 10 * SECOND, START);
	assert_int_equal(plan(&bucket, 1, START), START + 60 * SECOND);
	bucket_pause(&bucket, 60 * SECOND, START + 30 * SECOND);
	assert_int_equal(plan(&bucket, 1, START), START + 90 * SECOND);
	/* A full bucket has stayed full, no more. */
	assert_int_equal(bucket_available(&bucket.limit[0],
					  START + 90 * SECOND), 2);
}

static void bucket__pause_in_the_second_sleep__is_obeyed(void **state)
{
	struct bucket bucket = make("100/s", 1);
	struct bucket_claim early, stopped;
	int64_t back = START + 25000000;

	(void)state;
	take_now(&bucket, 1, START);
	stopped = reserve(&bucket, 1, START);
	early = reserve(&bucket, 1, START);
	assert_leaves(&bucket, &early, early.due);
	assert_early(&bucket, &stopped, back, START + 3 * SECOND / 100);
	bucket_pause(&bucket, 10 * SECOND, back);
	assert_early(&bucket, &stopped, stopped.wake,
		     START + 10 * SECOND + 3 * SECOND / 100);
	assert_leaves(&bucket, &stopped, stopped.wake);
}

static void bucket__refund__is_available_again(void **state)
{
	struct bucket bucket = make("1/h", 10);
	const int64_t cost[BUCKET_LIMITS] = {4}, all[BUCKET_LIMITS] = {1000};

	(void)state;
	take_now(&bucket, 10, START);
	bucket_refund(&bucket, cost, START);
	assert_int_equal(bucket_available(&bucket.limit[0], START), 4);
	take_now(&bucket, 4, START);
	bucket_refund(&bucket, all, START);
	assert_int_equal(bucket_available(&bucket.limit[0], START), 10);
}

static void refund_behind_sleepers(int64_t burst)
{
	struct bucket bucket = make("1/s", burst);
	const int64_t cost[BUCKET_LIMITS] = {burst};
	struct bucket_claim sleepers[3], newcomer;

	take_now(&bucket, burst, START);
	for (int i = 0; i < 3; i++)
		sleepers[i] = reserve(&bucket, 1, START);
	bucket_refund(&bucket, cost, START);
	newcomer = reserve(&bucket, 1, START);
	assert_true(newcomer.due >= sleepers[2].due);
	/* Whichever of the two gets the lock first. */
	assert_leaves(&bucket, &sleepers[0], sleepers[0].due);
	assert_leaves(&bucket, &sleepers[1], sleepers[1].due);
	if (newcomer.due == sleepers[2].due)
		assert_leaves(&bucket, &newcomer, newcomer.due);
	assert_leaves(&bucket, &sleepers[2], sleepers[2].due);
}

static void bucket__refund__gives_no_sleepers_slot_away(void **state)
{
	(void)state;
	refund_behind_sleepers(1);
	refund_behind_sleepers(2);
	refund_behind_sleepers(10);
}

static void bucket__cancelled_last__leaves_no_trace(void **state)
{
	struct bucket bucket = make("3/s", 5), before;
	struct bucket_claim first, second;

	(void)state;
	take_now(&bucket, 5, START);
	before = bucket;
	first = reserve(&bucket, 2, START);
	second = reserve(&bucket, 3, START);
	assert_true(bucket_cancel(&bucket, &second));
	assert_true(bucket_cancel(&bucket, &first));
	assert_int_equal(bucket.last, before.last);
	assert_memory_equal(bucket.limit, before.limit, sizeof(bucket.limit));
	assert_int_equal(bucket_waiting(&bucket, START), 0);
}

static void bucket__cancelled_in_the_middle__is_gone(void **state)
{
	struct bucket bucket = make("3/s", 5);
	struct bucket_claim first, second;
	int64_t next;

	(void)state;
	take_now(&bucket, 5, START);
	first = reserve(&bucket, 1, START);
	second = reserve(&bucket, 1, START);
	next = plan(&bucket, 1, START);
	assert_false(bucket_cancel(&bucket, &first));
	assert_int_equal(plan(&bucket, 1, START), next);
	assert_leaves(&bucket, &second, second.due);
}

static void bucket__cancelled_after_a_pause__gives_the_same_slot(void **state)
{
	struct bucket bucket = make("3/s", 1);
	struct bucket_claim claim;
	int64_t slot;

	(void)state;
	take_now(&bucket, 1, START);
	claim = reserve(&bucket, 1, START);
	bucket_pause(&bucket, SECOND, START + 1);
	slot = claim.due + SECOND;
	assert_true(bucket_cancel(&bucket, &claim));
	assert_int_equal(plan(&bucket, 1, START), slot);
}

/* --- clocks -------------------------------------------------------------- */

static void bucket__other_boot__counts_what_the_wall_clock_saw(void **state)
{
	struct bucket bucket = make("1/h", 5);

	(void)state;
	take_now(&bucket, 5, START);
	reserve(&bucket, 1, START);
	bucket_stamp(&bucket, START, 100 * SECOND);
	/* The machine started 10 s ago; half an hour has passed. */
	bucket_settle(&bucket, "boot-2", 10 * SECOND, 1900 * SECOND);
	assert_int_equal(plan(&bucket, 1, 10 * SECOND), 1810 * SECOND);
	assert_string_equal(bucket.boot, "boot-2");
	assert_int_equal(bucket_waiting(&bucket, 10 * SECOND), 0);
}

static void bucket__other_boot_and_clock_set__at_most_one_burst(void **state)
{
	struct bucket bucket = make("1/h", 5), copy;

	(void)state;
	take_now(&bucket, 5, START);
	bucket_stamp(&bucket, START, 100 * DAY);
	copy = bucket;
	bucket_settle(&bucket, "boot-2", SECOND, 101 * DAY);
	assert_int_equal(bucket_available(&bucket.limit[0], SECOND), 5);
	/* Back: as if no time had passed, so nobody waits any longer. */
	bucket_settle(&copy, "boot-2", SECOND, 99 * DAY);
	assert_int_equal(plan(&copy, 1, SECOND), SECOND + 3600 * SECOND);
}

static void bucket__written_in_the_future__nobody_hangs(void **state)
{
	struct bucket bucket = make("1/s", 5);
	struct bucket_claim sleeper;
	int64_t now = START - 500 * SECOND;

	(void)state;
	take_now(&bucket, 5, START);
	sleeper = reserve(&bucket, 1, START);
	bucket_settle(&bucket, BOOT, now, 0);
	assert_int_equal(plan(&bucket, 1, now), now + SECOND);
	assert_int_equal(bucket_depart(&bucket, &sleeper, now), BUCKET_VOID);
}

static void bucket__clock_a_day_ahead__one_burst(void **state)
{
	struct bucket bucket = make("1/s", 5);

	(void)state;
	take_now(&bucket, 5, START);
	bucket_settle(&bucket, BOOT, START + DAY, DAY);
	assert_int_equal(bucket_available(&bucket.limit[0], START + DAY), 5);
	take_now(&bucket, 5, START + DAY);
	assert_int_equal(plan(&bucket, 1, START + DAY),
			 START + DAY + SECOND);
}

static void bucket__pause_and_reboot__rest_of_it_stays(void **state)
{
	struct bucket bucket = make("1/s", 5);

	(void)state;
	bucket_pause(&bucket, 60 * SECOND, START);
	bucket_stamp(&bucket, START, 1000 * SECOND);
	bucket_settle(&bucket, "boot-2", 5 * SECOND, 1020 * SECOND);
	assert_int_equal(plan(&bucket, 1, 5 * SECOND), 45 * SECOND);
}

/* --- changes ------------------------------------------------------------- */

static void bucket__slower_rate__grants_no_second_burst(void **state)
{
	struct bucket bucket = make("3/s", 5);

	(void)state;
	take_now(&bucket, 5, START);
	assert_int_equal(bucket_set(&bucket, "default", parse("1/d"), 5, START),
			 0);
	assert_int_equal(bucket_available(&bucket.limit[0], START), 0);
	assert_int_equal(plan(&bucket, 1, START), START + DAY);
}

static void bucket__changed_rate__sleepers_keep_turns(void **state)
{
	struct bucket bucket = make("1/s", 1);
	struct bucket_claim sleepers[3];
	int64_t next;

	(void)state;
	take_now(&bucket, 1, START);
	for (int i = 0; i < 3; i++)
		sleepers[i] = reserve(&bucket, 1, START);
	assert_int_equal(bucket_set(&bucket, "default", parse("6/m"), 1, START),
			 0);
	next = plan(&bucket, 1, START);
	for (int i = 0; i < 3; i++) {
		assert_early(&bucket, &sleepers[i], sleepers[i].due,
			     START + (i + 1) * 10 * SECOND);
	}
	for (int i = 0; i < 3; i++)
		assert_leaves(&bucket, &sleepers[i], sleepers[i].wake);
	assert_int_equal(next, START + 40 * SECOND);
}

static void bucket__bad_limits__are_refused(void **state)
{
	struct bucket bucket = make("3/s", 5), before = bucket;
	const struct rate slow = parse("0.001/d"), rate = parse("3");
	char name[] = "a";

	(void)state;
	assert_int_equal(bucket_set(&bucket, "x", rate, 0, START), -1);
	assert_int_equal(bucket_set(&bucket, "a b", rate, 1, START), -1);
	assert_int_equal(bucket_set(&bucket, "", rate, 1, START), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(bucket_set(&bucket, "x", slow, 1000000, START), -1);
	assert_int_equal(errno, ERANGE);
	assert_memory_equal(&bucket, &before, sizeof(bucket));
	while (bucket.limits < BUCKET_LIMITS) {
		assert_int_equal(bucket_set(&bucket, name, rate, 1, START), 0);
		name[0]++;
	}
	assert_int_equal(bucket_set(&bucket, "z", rate, 1, START), -1);
	assert_int_equal(errno, ENOSPC);
}

/* --- everything at random ------------------------------------------------ */

/*
 * Callers that come, sleep, are late or stopped or killed or interrupted, and
 * pauses and refunds in between, on a clock that jumps from event to event.
 */
enum { CALLERS = 40, GRANTS = 4000 };

struct simulation {
	struct bucket bucket;
	uint64_t random;
	int64_t now;
	struct caller {
		struct bucket_claim claim;
		int64_t acts; /* when it does something next */
	} callers[CALLERS];
	struct grant grants[BUCKET_LIMITS][GRANTS];
	size_t granted;
};

static uint64_t draw(struct simulation *simulation, uint64_t below)
{
	simulation->random = simulation->random *
			     UINT64_C(6364136223846793005) +
			     UINT64_C(1442695040888963407);
	return (simulation->random >> 33) % below;
}

/* How long after its time a process gets to act: mostly soon. */
static int64_t lateness(struct simulation *simulation)
{
	switch (draw(simulation, 50)) {
	case 0:
		return (int64_t)draw(simulation, 3) * SECOND;
	case 1:
	case 2:
		return (int64_t)draw(simulation, 40000000);
	default:
		return (int64_t)draw(simulation, 300000);
	}
}

static void new_claim(struct simulation *simulation, struct caller *caller,
		      const int64_t most[BUCKET_LIMITS])
{
	struct bucket *bucket = &simulation->bucket;

	memset(&caller->claim, 0, sizeof(caller->claim));
	for (unsigned i = 0; i < bucket->limits; i++)
		caller->claim.cost[i] =
			1 + (int64_t)draw(simulation, (uint64_t)most[i]);
	assert_int_equal(bucket_reserve(bucket, &caller->claim,
					simulation->now), 0);
}

static void act(struct simulation *simulation, struct caller *caller,
		const int64_t most[BUCKET_LIMITS])
{
	struct bucket *bucket = &simulation->bucket;

	if (!caller->claim.serial)
		new_claim(simulation, caller, most);
	else if (draw(simulation, 100) == 0)
		bucket_cancel(bucket, &caller->claim);
	else if (draw(simulation, 100) == 0)
		caller->claim.serial = 0; /* killed */
	if (!caller->claim.serial) {
		caller->acts = simulation->now + lateness(simulation);
		return;
	}
	if (bucket_depart(bucket, &caller->claim, simulation->now) ==
	    BUCKET_EARLY) {
		assert_true(caller->claim.wake > simulation->now);
		caller->acts = caller->claim.wake + lateness(simulation);
		return;
	}
	assert_true(caller->claim.departure <= simulation->now);
	assert_true(caller->claim.departure >=
		    simulation->now - BUCKET_GRACE);
	for (unsigned i = 0; i < bucket->limits; i++)
		simulation->grants[i][simulation->granted] = (struct grant){
			caller->claim.departure, caller->claim.cost[i]};
	simulation->granted++;
	caller->claim.serial = 0;
	caller->acts = simulation->now + lateness(simulation);
}

static struct caller *next_caller(struct simulation *simulation)
{
	struct caller *next = simulation->callers;

	for (int i = 1; i < CALLERS; i++)
		if (simulation->callers[i].acts < next->acts)
			next = &simulation->callers[i];
	if (next->acts > simulation->now)
		simulation->now = next->acts;
	return next;
}

static void simulate(struct simulation *simulation, uint64_t seed,
		     const int64_t most[BUCKET_LIMITS], bool pauses)
{
	size_t from = 0, to = 0;

	simulation->random = seed;
	simulation->now = START;
	simulation->granted = 0;
	memset(simulation->callers, 0, sizeof(simulation->callers));
	while (simulation->granted < GRANTS) {
		act(simulation, next_caller(simulation), most);
		if (pauses && draw(simulation, 500) == 0)
			bucket_pause(&simulation->bucket,
				     (int64_t)draw(simulation, 5) * SECOND,
				     simulation->now);
	}
	for (unsigned i = 0; i < simulation->bucket.limits; i++) {
		struct bucket_limit *limit = &simulation->bucket.limit[i];

		if (!windows_keep(simulation->grants[i], GRANTS, limit->rate,
				  limit->burst, 0, &from, &to))
			fail_msg("seed %llu, limit %u: grants %zu to %zu",
				 (unsigned long long)seed, i, from, to);
	}
}

static void bucket__anything_at_any_time__promise_is_kept(void **state)
{
	static const struct setting {
		const char *rate;
		int64_t burst, most;
	} settings[] = {
		{"3/s", 5, 1},	       {"3/s", 1, 1},
		{"100/s", 1, 1},       {"5000/s", 50, 10},
		{"90000/m", 9000, 4000}, {"7/m", 3, 2},
		{"300000000", 7, 5},
	};
	static struct simulation simulation;

	(void)state;
	for (uint64_t seed = 1; seed <= 70; seed++) {
		const struct setting *one = &settings[seed % 7];
		const struct setting *two = &settings[seed / 7 % 7];
		const int64_t most[BUCKET_LIMITS] = {one->most, two->most};

		simulation.bucket = make(one->rate, one->burst);
		if (seed % 2)
			bucket_set(&simulation.bucket, "two", parse(two->rate),
				   two->burst, START);
		simulate(&simulation, seed, most, seed % 3 == 0);
	}
}

/* --- as bytes ------------------------------------------------------------ */

static void record__written_and_read__is_the_same(void **state)
{
	struct bucket bucket = make("90000/m", 9000), copy;
	unsigned char bytes[BUCKET_RECORD];
	const char *reason;

	(void)state;
	bucket_set(&bucket, "rpm", parse("60/m"), 5, START);
	take_now(&bucket, 1001, START);
	reserve(&bucket, 9000, START);
	bucket_pause(&bucket, SECOND, START);
	bucket_encode(&bucket, bytes);
	assert_int_equal(bucket_decode(&copy, bytes, sizeof(bytes), &reason),
			 0);
	assert_memory_equal(&copy, &bucket, sizeof(bucket));
}

static void record__any_byte_changed__is_noticed(void **state)
{
	struct bucket bucket = make("3/s", 5), copy;
	unsigned char bytes[BUCKET_RECORD];
	const char *reason;

	(void)state;
	bucket_encode(&bucket, bytes);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] ^= 0x10;
		assert_int_equal(bucket_decode(&copy, bytes, sizeof(bytes),
					       &reason), -1);
		bytes[i] ^= 0x10;
	}
	for (size_t length = 0; length < sizeof(bytes); length++)
		assert_int_equal(bucket_decode(&copy, bytes, length, &reason),
				 -1);
}

static void record__not_one__says_what_is_wrong(void **state)
{
	struct bucket bucket = make("3/s", 5), copy;
	unsigned char bytes[BUCKET_RECORD];
	const char *reason;

	(void)state;
	bucket_encode(&bucket, bytes);
	bucket_decode(&copy, bytes, 0, &reason);
	assert_string_equal(reason, "is empty");
	bucket_decode(&copy, bytes, 100, &reason);
	assert_string_equal(reason, "is damaged: it has not its length");
	bytes[8] = 2;
	bucket_decode(&copy, bytes, sizeof(bytes), &reason);
	assert_string_equal(
		reason, "is of a version that this program does not know");
	bytes[0] = 'x';
	bucket_decode(&copy, bytes, sizeof(bytes), &reason);
	assert_string_equal(reason, "is not a state of rate-wait");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bucket__full__grants_its_burst_at_once),
		cmocka_unit_test(bucket__empty__gives_slots_one_token_apart),
		cmocka_unit_test(
			bucket__refilled__holds_no_more_than_its_burst),
		cmocka_unit_test(
			bucket__large_cost_waits__small_one_stays_behind),
		cmocka_unit_test(bucket__several_limits__all_or_nothing),
		cmocka_unit_test(
			bucket__endless_queue__is_refused_and_takes_nothing),
		cmocka_unit_test(bucket__woken_in_time__leaves_at_its_slot),
		cmocka_unit_test(bucket__twenty_stopped__leave_one_token_apart),
		cmocka_unit_test(
			bucket__stopped_and_back_in_reverse__one_more_sleep),
		cmocka_unit_test(bucket__stopped_twice__still_does_not_bunch),
		cmocka_unit_test(
			bucket__dead_waiter__costs_only_its_own_tokens),
		cmocka_unit_test(
			bucket__pause__reaches_sleepers_and_keeps_their_order),
		cmocka_unit_test(bucket__pause__longest_of_several_counts_once),
		cmocka_unit_test(bucket__pause_in_the_second_sleep__is_obeyed),
		cmocka_unit_test(bucket__refund__is_available_again),
		cmocka_unit_test(bucket__refund__gives_no_sleepers_slot_away),
		cmocka_unit_test(bucket__cancelled_last__leaves_no_trace),
		cmocka_unit_test(bucket__cancelled_in_the_middle__is_gone),
		cmocka_unit_test(
			bucket__cancelled_after_a_pause__gives_the_same_slot),
		cmocka_unit_test(
			bucket__other_boot__counts_what_the_wall_clock_saw),
		cmocka_unit_test(
			bucket__other_boot_and_clock_set__at_most_one_burst),
		cmocka_unit_test(bucket__written_in_the_future__nobody_hangs),
		cmocka_unit_test(bucket__clock_a_day_ahead__one_burst),
		cmocka_unit_test(bucket__pause_and_reboot__rest_of_it_stays),
		cmocka_unit_test(bucket__slower_rate__grants_no_second_burst),
		cmocka_unit_test(bucket__changed_rate__sleepers_keep_turns),
		cmocka_unit_test(bucket__bad_limits__are_refused),
		cmocka_unit_test(bucket__anything_at_any_time__promise_is_kept),
		cmocka_unit_test(record__written_and_read__is_the_same),
		cmocka_unit_test(record__any_byte_changed__is_noticed),
		cmocka_unit_test(record__not_one__says_what_is_wrong),
	};

	return cmocka_run_group_tests_name("bucket", tests, NULL, NULL);
}
