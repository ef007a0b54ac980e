/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BUCKET_H
#define INTERLOCK_BUCKET_H

/*
 * The arithmetic of a rate limit that many processes share: (state, limits,
 * now) -> decision. Pure functions: no clock is read, no file touched, nobody
 * sleeps (see bucket_file and boot_clock for those).
 *
 * Each limit is a token bucket in the form of GCRA: one point in time, at which
 * the bucket will be full again. There are two of them a limit:
 *
 *   reserved   the timetable. A caller is given a slot in it, the earliest time
 *	        at which all of its limits have the tokens, and sleeps until
 *	        then without holding anything.
 *   departed   what really happened. On waking, the caller passes this one at
 *	        the present time: whoever was stopped, suspended or simply late
 *	        cannot leave together with those whose turn it is now.
 *
 * Guarantees
 * - In any window of t ns, the departures of each limit take at most burst +
 *   rate * t tokens (and what was refunded meanwhile), exactly: see rate.h.
 * - Slots are given in order of arrival: never one before the last given.
 * - All limits or none: a caller takes from all of its limits at one moment.
 * - A departure in time leaves the timetable alone. One that is so late that
 *   what it missed cannot be made up moves the whole timetable by that much, so
 *   that the others need one more sleep each, not one more per late-comer.
 * - A pause moves the timetable and all departures by its length: nothing is
 *   granted before its end, sleepers included, and order stays.
 *
 * Non-guarantees: a caller that dies after it reserved takes its tokens with
 * it. Those whose state was started anew (identity) must reserve anew.
 *
 * Calling order, all on a state that is locked:
 *   bucket_settle		each time it was read, before anything else
 *   bucket_plan		when would it be?
 *   bucket_reserve		take that slot
 *   bucket_depart		at once, and again after each sleep, until it
 *				says GRANTED
 *   bucket_cancel		instead, to give the slot back
 *
 * Units: times are ns on a clock that starts with the machine and never jumps
 * back; durations are ns, tokens whole tokens.
 */

#include <stdbool.h>
#include <stdint.h>

#include "rate.h"

enum {
	BUCKET_LIMITS = 8, /* limits in one state */
	BUCKET_NAME = 32,  /* a limit's name, with its NUL */
	BUCKET_BOOT = 40,  /* name of the boot, with its NUL */
};

/*
 * How late a departure may be and still count as on time. It is what
 * schedulers take; a process that was stopped or suspended is later.
 */
#define BUCKET_GRACE INT64_C(20000000)

/* A longer pause is made so long: 18 years. */
#define BUCKET_PAUSE_MAX (RATE_NS_MAX / 4)

struct bucket_limit {
	char name[BUCKET_NAME];
	struct rate rate;
	int64_t burst;
	struct rate_time reserved; /* full again, with all slots given */
	struct rate_time departed; /* full again, with those who left */
	struct rate_time passed;   /* `reserved` when the slot was given that
				      is the furthest of those who left */
	struct rate_time lowest;   /* no refund gets `reserved` below that: it
				      had the first sleeper found it full */
};

struct bucket {
	char boot[BUCKET_BOOT]; /* the boot that the times belong to */
	int64_t stamp;		/* when it was last written */
	int64_t wall;		/* the same on the wall clock */
	uint64_t identity;	/* changes when slots given become void */
	uint64_t edition;	/* changes with rates and bursts */
	int64_t last;		/* the last slot given */
	int64_t resume;		/* nothing is granted before */
	int64_t moved;		/* by how much the timetable moved so far */
	int64_t paused;		/* how much of that were pauses */
	uint64_t issued;	/* slots given */
	uint64_t served;	/* ... and up to which they are over */
	unsigned limits;
	struct bucket_limit limit[BUCKET_LIMITS];
};

/*
 * What one caller wants and has. It sets `cost`, by the index of the limit;
 * all else belongs to the functions below, but may be read.
 */
struct bucket_claim {
	int64_t cost[BUCKET_LIMITS];
	int64_t wake;	   /* when to try bucket_depart again */
	int64_t departure; /* when it left, once GRANTED */
	uint64_t serial;   /* number of the slot; 0: has none */

	uint64_t identity, edition; /* of the state it belongs to */
	int64_t due;		    /* the slot, or the departure booked */
	int64_t frame;		    /* moved (booked: paused) at that time */
	int64_t moved;		    /* at the reservation */
	bool booked;		    /* came, was too early, has another time */
	int64_t before_last;
	/* Each limit's points before and after, so as to undo exactly. */
	struct rate_time before[BUCKET_LIMITS], reserved[BUCKET_LIMITS];
	struct rate_time before_lowest[BUCKET_LIMITS];
	struct rate_time before_booking[BUCKET_LIMITS];
	struct rate_time booking[BUCKET_LIMITS];
};

/* --- the state ----------------------------------------------------------- */

/* A state without limits. IDENTITY should differ from any other's. */
void bucket_init(struct bucket *bucket, const char *boot, uint64_t identity,
		 int64_t now, int64_t wall);

/*
 * Make the limit NAME have this RATE and BURST. A new one starts full. One that
 * is there keeps the tokens it lacks, so that a change never grants a second
 * burst; who sleeps keeps its slot. Returns 0, or -1 with errno: ENOSPC (there
 * are BUCKET_LIMITS), ERANGE (so many tokens take too long at that rate),
 * EINVAL (no such rate, burst or name).
 */
int bucket_set(struct bucket *bucket, const char *name, struct rate rate,
	       int64_t burst, int64_t now);

/* The index of the limit NAME, or -1. */
int bucket_find(const struct bucket *bucket, const char *name);

/* May a limit be called NAME? Letters, digits, ".", "_", "-"; at most 31. */
bool bucket_name_valid(const char *name);

/*
 * Make the state's times mean something at NOW: after a reboot (another BOOT),
 * or if it was written in what is the future on our clock. Then only the wall
 * clock can tell how long ago it was written, and is believed as far as it goes
 * forward; nobody sleeps any more, or has to reserve anew.
 */
void bucket_settle(struct bucket *bucket, const char *boot, int64_t now,
		   int64_t wall);

/* Note when the state is being written. */
void bucket_stamp(struct bucket *bucket, int64_t now, int64_t wall);

/* --- callers ------------------------------------------------------------- */

/* When a caller with these costs would be granted: NOW or later. */
int64_t bucket_plan(const struct bucket *bucket,
		    const int64_t cost[BUCKET_LIMITS], int64_t now);

/*
 * Take the slot that bucket_plan tells. Each cost must be within the limit's
 * burst. Returns 0, or -1 with errno ERANGE: the queue goes beyond RATE_NS_MAX;
 * nothing is taken then.
 */
int bucket_reserve(struct bucket *bucket, struct bucket_claim *claim,
		   int64_t now);

enum bucket_pass {
	BUCKET_GRANTED, /* at claim->departure, which is not after NOW */
	BUCKET_EARLY,	/* sleep until claim->wake */
	BUCKET_VOID,	/* the slot is void: reserve anew */
};

enum bucket_pass bucket_depart(struct bucket *bucket,
			       struct bucket_claim *claim, int64_t now);

/*
 * Give back the slot of a claim that was not granted, if it is the last one
 * given. Returns whether it was; if not, its tokens are gone.
 */
bool bucket_cancel(struct bucket *bucket, struct bucket_claim *claim);

/* How many slots up to the claim's own are still to be served: 1 is next. */
uint64_t bucket_place(const struct bucket *bucket,
		      const struct bucket_claim *claim);

/* --- everybody ----------------------------------------------------------- */

/*
 * Credit COST to the limits. What sleepers have reserved stays theirs, and a
 * bucket never holds more than its burst.
 */
void bucket_refund(struct bucket *bucket, const int64_t cost[BUCKET_LIMITS],
		   int64_t now);

/* Nothing is granted for NS from NOW; a pause that lasts longer stays. */
void bucket_pause(struct bucket *bucket, int64_t ns, int64_t now);

/* Whole tokens that LIMIT has at NOW beyond what is reserved: 0 to burst. */
int64_t bucket_available(const struct bucket_limit *limit, int64_t now);

/* Slots given that are not over yet. */
uint64_t bucket_waiting(const struct bucket *bucket, int64_t now);

#endif
