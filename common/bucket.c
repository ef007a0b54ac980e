/* SPDX-License-Identifier: MIT */
/*
 * The life of a struct bucket_claim
 *
 *   new       serial is 0, only cost is set.
 *   reserved  due is its slot in the timetable. Where the timetable has moved
 *	       since, so has the slot: by what `moved` grew beyond frame.
 *   booked    it came at its time and the departures had no room (somebody late
 *	       had come just before). Its tokens are entered there already, for
 *	       the time due, which only pauses move: frame is what `paused` was.
 *   granted   its tokens are entered for the time departure.
 */
#include "bucket.h"

#include <errno.h>
#include <string.h>

/* --- the state ----------------------------------------------------------- */

void bucket_init(struct bucket *bucket, const char *boot, uint64_t identity,
		 int64_t now, int64_t wall)
{
	memset(bucket, 0, sizeof(*bucket));
	strncpy(bucket->boot, boot, BUCKET_BOOT - 1);
	bucket->identity = identity;
	bucket->last = bucket->resume = now;
	bucket_stamp(bucket, now, wall);
}

void bucket_stamp(struct bucket *bucket, int64_t now, int64_t wall)
{
	bucket->stamp = now;
	bucket->wall = wall;
}

bool bucket_name_valid(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t length = strspn(name, allowed);

	return length > 0 && length < BUCKET_NAME && !name[length];
}

int bucket_find(const struct bucket *bucket, const char *name)
{
	for (unsigned i = 0; i < bucket->limits; i++)
		if (!strcmp(bucket->limit[i].name, name))
			return (int)i;
	return -1;
}

/*
 * The same lack of tokens at another rate. Part of a token counts as a whole
 * one, so that a change gives nothing away.
 */
static struct rate_time convert(struct rate_time time, struct rate from,
				struct rate to, int64_t now)
{
	int64_t lack = rate_after(time, rate_at(now)), tokens;

	if (lack <= 0)
		return rate_at(now);
	tokens = rate_tokens(from, lack, RATE_TOKENS_MAX - 1);
	if (rate_after(time, rate_add(from, rate_at(now), tokens)) > 0)
		tokens++;
	return rate_add(to, rate_at(now), tokens);
}

static void change_rate(struct bucket_limit *limit, struct rate rate,
			int64_t now)
{
	struct rate_time *points[] = {&limit->reserved, &limit->departed,
				      &limit->passed, &limit->lowest};

	if (rate_equal(limit->rate, rate))
		return;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		*points[i] = convert(*points[i], limit->rate, rate, now);
	limit->rate = rate;
}

int bucket_set(struct bucket *bucket, const char *name, struct rate rate,
	       int64_t burst, int64_t now)
{
	struct bucket_limit *limit;
	int index = bucket_find(bucket, name);

	errno = EINVAL;
	if (!bucket_name_valid(name) || !rate_valid(rate) || burst < 1 ||
	    burst > RATE_TOKENS_MAX)
		return -1;
	errno = ERANGE;
	if (!rate_holds(rate, burst))
		return -1;
	errno = ENOSPC;
	if (index < 0 && bucket->limits == BUCKET_LIMITS)
		return -1;
	bucket->edition++;
	if (index >= 0) {
		limit = &bucket->limit[index];
		change_rate(limit, rate, now);
	} else {
		limit = &bucket->limit[bucket->limits++];
		*limit = (struct bucket_limit){
			.rate = rate,
			.reserved = rate_at(now),
			.departed = rate_at(now),
			.passed = rate_at(now),
			.lowest = rate_at(now),
		};
		memcpy(limit->name, name, strlen(name) + 1);
	}
	limit->burst = burst;
	return 0;
}

void bucket_settle(struct bucket *bucket, const char *boot, int64_t now,
		   int64_t wall)
{
	int64_t elapsed = wall - bucket->wall;
	int64_t shift;

	if (!strcmp(bucket->boot, boot) && bucket->stamp <= now)
		return;
	shift = now - bucket->stamp - (elapsed > 0 ? elapsed : 0);
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];

		limit->departed = rate_shift(limit->departed, shift);
		limit->reserved = limit->passed = limit->departed;
		limit->lowest = rate_at(now);
	}
	bucket->resume += shift;
	bucket->last = now;
	bucket->served = bucket->issued;
	bucket->identity++;
	strncpy(bucket->boot, boot, BUCKET_BOOT - 1);
	bucket_stamp(bucket, now, wall);
}

/* --- the timetable ------------------------------------------------------- */

/* When a bucket that is full at FULL has TOKENS. */
static int64_t earliest(const struct bucket_limit *limit, struct rate_time full,
			int64_t tokens)
{
	return rate_ceil(
		rate_subtract(limit->rate, full, limit->burst - tokens));
}

/* FULL after TOKENS were taken at TIME. */
static struct rate_time take(const struct bucket_limit *limit,
			     struct rate_time full, int64_t time,
			     int64_t tokens)
{
	return rate_add(limit->rate, rate_later(full, rate_at(time)), tokens);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t bucket_plan(const struct bucket *bucket,
		    const int64_t cost[BUCKET_LIMITS], int64_t now)
{
	int64_t slot = later(now, later(bucket->last, bucket->resume));

	for (unsigned i = 0; i < bucket->limits; i++) {
		const struct bucket_limit *limit = &bucket->limit[i];

		if (cost[i])
			slot = later(slot, earliest(limit, limit->reserved,
						    cost[i]));
	}
	return slot;
}

/* Nobody sleeps: forget also those who died sleeping. */
static void queue_is_empty(struct bucket *bucket, int64_t now)
{
	bucket->served = bucket->issued;
	for (unsigned i = 0; i < bucket->limits; i++)
		bucket->limit[i].lowest = rate_at(now);
}

int bucket_reserve(struct bucket *bucket, struct bucket_claim *claim,
		   int64_t now)
{
	int64_t slot = bucket_plan(bucket, claim->cost, now);

	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];

		claim->before[i] = limit->reserved;
		claim->before_lowest[i] = limit->lowest;
		claim->reserved[i] = take(limit, limit->reserved, slot,
					  claim->cost[i]);
		if (claim->reserved[i].ns >= RATE_NS_MAX) {
			errno = ERANGE;
			return -1;
		}
	}
	if (bucket->last <= now)
		queue_is_empty(bucket, now);
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];

		if (!claim->cost[i])
			continue;
		limit->reserved = claim->reserved[i];
		if (slot > now)
			limit->lowest = take(limit, limit->lowest, slot,
					     claim->cost[i]);
	}
	claim->identity = bucket->identity;
	claim->edition = bucket->edition;
	claim->serial = ++bucket->issued;
	claim->due = claim->wake = slot;
	claim->frame = claim->moved = bucket->moved;
	claim->booked = false;
	claim->before_last = bucket->last;
	bucket->last = slot;
	return 0;
}

static void move_timetable(struct bucket *bucket, int64_t ns)
{
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];

		limit->reserved = rate_shift(limit->reserved, ns);
		limit->passed = rate_shift(limit->passed, ns);
		limit->lowest = rate_shift(limit->lowest, ns);
	}
	bucket->last += ns;
	bucket->moved += ns;
}

/* --- departures ---------------------------------------------------------- */

/* When all limits have the tokens, going by who really left. */
static int64_t departures_allow(const struct bucket *bucket,
				const struct bucket_claim *claim)
{
	int64_t time = bucket->resume;

	for (unsigned i = 0; i < bucket->limits; i++) {
		const struct bucket_limit *limit = &bucket->limit[i];

		if (claim->cost[i])
			time = later(time, earliest(limit, limit->departed,
						    claim->cost[i]));
	}
	return time;
}

/*
 * Up to which time a departure may be entered without wasting tokens: until the
 * first of its buckets is full.
 */
static int64_t first_full(const struct bucket *bucket,
			  const struct bucket_claim *claim, int64_t now)
{
	int64_t time = now;

	for (unsigned i = 0; i < bucket->limits; i++)
		if (claim->cost[i] && bucket->limit[i].departed.ns < time)
			time = bucket->limit[i].departed.ns;
	return time;
}

/*
 * Enter the departure at TIME. `passed` tells how much of the timetable is over
 * by now; where the departures are behind it, what is to come of the timetable
 * cannot be kept: move it. A slot given before rates were changed says nothing
 * about that; then only the timetable's end is a measure.
 */
static void enter(struct bucket *bucket, struct bucket_claim *claim,
		  int64_t time)
{
	bool known = claim->edition == bucket->edition;
	int64_t behind = 0;

	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];
		struct rate_time mine = rate_shift(
			claim->reserved[i], bucket->moved - claim->moved);

		if (!claim->cost[i])
			continue;
		limit->departed = take(limit, limit->departed, time,
				       claim->cost[i]);
		if (known)
			limit->passed = rate_later(limit->passed, mine);
		behind = later(behind,
			       rate_after(limit->departed,
					  known ? limit->passed
						: limit->reserved));
	}
	if (behind > 0)
		move_timetable(bucket, behind);
	if (bucket->served < claim->serial)
		bucket->served = claim->serial;
}

/* Too early: enter it for the time when there is room. */
static void book(struct bucket *bucket, struct bucket_claim *claim,
		 int64_t time)
{
	for (unsigned i = 0; i < bucket->limits; i++)
		claim->before_booking[i] = bucket->limit[i].departed;
	enter(bucket, claim, time);
	for (unsigned i = 0; i < bucket->limits; i++)
		claim->booking[i] = bucket->limit[i].departed;
	claim->booked = true;
	claim->due = time;
	claim->frame = bucket->paused;
}

/* The time of CLAIM, wherever it has been moved to. */
static int64_t due_time(const struct bucket *bucket,
			const struct bucket_claim *claim)
{
	return claim->due - claim->frame +
	       (claim->booked ? bucket->paused : bucket->moved);
}

static enum bucket_pass too_early(struct bucket_claim *claim, int64_t wake)
{
	claim->wake = wake;
	return BUCKET_EARLY;
}

/*
 * A departure that is a little late is entered at the time when it was due:
 * else the lateness of each would add up to tokens that nobody gets. It is
 * entered later, at the present if possible, as far as that wastes nothing.
 *
 * Who is very late at a time that was booked has been stopped twice. What it
 * booked is gone; it is treated like anybody who comes late.
 */
enum bucket_pass bucket_depart(struct bucket *bucket,
			       struct bucket_claim *claim, int64_t now)
{
	int64_t due, time;

	if (claim->identity != bucket->identity)
		return BUCKET_VOID;
	due = due_time(bucket, claim);
	if (now < due)
		return too_early(claim, due);
	if (claim->booked && now - due <= BUCKET_GRACE &&
	    due >= bucket->resume) {
		claim->departure = due;
		return BUCKET_GRANTED;
	}
	time = later(due, departures_allow(bucket, claim));
	if (time > now) {
		book(bucket, claim, time);
		return too_early(claim, time);
	}
	time = later(time, now - BUCKET_GRACE);
	claim->departure = later(time, first_full(bucket, claim, now));
	enter(bucket, claim, claim->departure);
	return BUCKET_GRANTED;
}

static bool same_time(struct rate_time a, struct rate_time b)
{
	return a.ns == b.ns && a.part == b.part;
}

/* Take back what a claim has booked, if nobody has come after it. */
static bool unbook(struct bucket *bucket, const struct bucket_claim *claim)
{
	int64_t shift = bucket->paused - claim->frame;

	for (unsigned i = 0; i < bucket->limits; i++)
		if (!same_time(bucket->limit[i].departed,
			       rate_shift(claim->booking[i], shift)))
			return false;
	for (unsigned i = 0; i < bucket->limits; i++)
		bucket->limit[i].departed =
			rate_shift(claim->before_booking[i], shift);
	return true;
}

/*
 * Where a refund came in between, the point before is not simply what it was:
 * then take off the tokens alone, which is never too much.
 */
bool bucket_cancel(struct bucket *bucket, struct bucket_claim *claim)
{
	int64_t shift = bucket->moved - claim->moved;
	bool last = claim->serial && claim->serial == bucket->issued &&
		    claim->identity == bucket->identity &&
		    claim->edition == bucket->edition;

	claim->serial = 0;
	if (!last || (claim->booked && !unbook(bucket, claim)))
		return false;
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];

		if (!claim->cost[i])
			continue;
		if (same_time(limit->reserved,
			      rate_shift(claim->reserved[i], shift)))
			limit->reserved = rate_shift(claim->before[i], shift);
		else
			limit->reserved = rate_subtract(
				limit->rate, limit->reserved, claim->cost[i]);
		limit->lowest = rate_shift(claim->before_lowest[i], shift);
		limit->passed = rate_earlier(limit->passed, limit->reserved);
	}
	bucket->last = claim->before_last + shift;
	bucket->issued--;
	if (bucket->served > bucket->issued)
		bucket->served = bucket->issued;
	return true;
}

uint64_t bucket_place(const struct bucket *bucket,
		      const struct bucket_claim *claim)
{
	return claim->serial > bucket->served ? claim->serial - bucket->served
					      : 1;
}

/* --- everybody ----------------------------------------------------------- */

void bucket_refund(struct bucket *bucket, const int64_t cost[BUCKET_LIMITS],
		   int64_t now)
{
	if (bucket->last <= now)
		queue_is_empty(bucket, now);
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];
		struct rate_time full = rate_at(now);
		int64_t tokens = cost[i] < limit->burst ? cost[i]
							: limit->burst;

		if (!tokens)
			continue;
		limit->departed = rate_later(
			full, rate_subtract(limit->rate, limit->departed,
					    tokens));
		limit->reserved = rate_later(
			rate_later(full, limit->lowest),
			rate_subtract(limit->rate, limit->reserved, tokens));
		limit->passed = rate_earlier(limit->passed, limit->reserved);
	}
}

/*
 * The buckets stand still meanwhile: after the pause all goes on as it was, and
 * nothing has been saved up. A bucket that is full stays full.
 */
void bucket_pause(struct bucket *bucket, int64_t ns, int64_t now)
{
	int64_t from = later(bucket->resume, now);
	int64_t more = now + (ns < BUCKET_PAUSE_MAX ? ns : BUCKET_PAUSE_MAX) -
		       from;

	if (more <= 0)
		return;
	if (bucket->last <= now)
		queue_is_empty(bucket, now);
	for (unsigned i = 0; i < bucket->limits; i++) {
		struct bucket_limit *limit = &bucket->limit[i];
		struct rate_time full = rate_at(now);

		limit->departed = rate_shift(rate_later(limit->departed, full),
					     more);
		limit->reserved = rate_later(limit->reserved, full);
		limit->passed = rate_later(limit->passed, full);
		limit->lowest = rate_later(limit->lowest, full);
	}
	bucket->last = later(bucket->last, now);
	move_timetable(bucket, more);
	bucket->paused += more;
	bucket->resume = from + more;
}

int64_t bucket_available(const struct bucket_limit *limit, int64_t now)
{
	int64_t low = 0, high = limit->burst;

	while (low < high) {
		int64_t middle = high - (high - low) / 2;

		if (earliest(limit, limit->reserved, middle) <= now)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

uint64_t bucket_waiting(const struct bucket *bucket, int64_t now)
{
	return bucket->last > now ? bucket->issued - bucket->served : 0;
}
