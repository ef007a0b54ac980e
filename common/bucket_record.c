/* SPDX-License-Identifier: MIT */
#include "bucket_record.h"

#include <string.h>

/* Not text, so that nobody takes it for a file to edit. */
static const unsigned char magic[8] = {0x89, 'r', 'a', 't', 'e', 0x0d, 0x0a, 0};

enum { FORMAT = 1, CHECKSUM_AT = BUCKET_RECORD - 8 };

/* Where the next number is put or taken. */
struct cursor {
	unsigned char *out;
	const unsigned char *in;
};

static void put(struct cursor *cursor, uint64_t value)
{
	for (int i = 0; i < 8; i++, value >>= 8)
		*cursor->out++ = value & 0xff;
}

static void put_text(struct cursor *cursor, const char *text, size_t size)
{
	memcpy(cursor->out, text, size);
	cursor->out += size;
}

static void put_time(struct cursor *cursor, struct rate_time time)
{
	put(cursor, (uint64_t)time.ns);
	put(cursor, (uint64_t)time.part);
}

static uint64_t get(struct cursor *cursor)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | cursor->in[i];
	cursor->in += 8;
	return value;
}

static int64_t get_signed(struct cursor *cursor)
{
	uint64_t value = get(cursor);
	int64_t result;

	memcpy(&result, &value, sizeof(result));
	return result;
}

static void get_text(struct cursor *cursor, char *text, size_t size)
{
	memcpy(text, cursor->in, size);
	cursor->in += size;
}

static struct rate_time get_time(struct cursor *cursor)
{
	struct rate_time time;

	time.ns = get_signed(cursor);
	time.part = get_signed(cursor);
	return time;
}

/* FNV-1a, 64 bits. */
static uint64_t checksum(const unsigned char *bytes)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (int i = 0; i < CHECKSUM_AT; i++)
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return sum;
}

void bucket_encode(const struct bucket *bucket,
		   unsigned char bytes[BUCKET_RECORD])
{
	struct cursor cursor = {.out = bytes};

	memset(bytes, 0, BUCKET_RECORD);
	put_text(&cursor, (const char *)magic, sizeof(magic));
	put(&cursor, FORMAT);
	put_text(&cursor, bucket->boot, BUCKET_BOOT);
	put(&cursor, (uint64_t)bucket->stamp);
	put(&cursor, (uint64_t)bucket->wall);
	put(&cursor, bucket->identity);
	put(&cursor, bucket->edition);
	put(&cursor, (uint64_t)bucket->last);
	put(&cursor, (uint64_t)bucket->resume);
	put(&cursor, (uint64_t)bucket->moved);
	put(&cursor, (uint64_t)bucket->paused);
	put(&cursor, bucket->issued);
	put(&cursor, bucket->served);
	put(&cursor, bucket->limits);
	for (unsigned i = 0; i < bucket->limits; i++) {
		const struct bucket_limit *limit = &bucket->limit[i];

		put_text(&cursor, limit->name, BUCKET_NAME);
		put(&cursor, (uint64_t)limit->rate.count);
		put(&cursor, (uint64_t)limit->rate.period);
		put(&cursor, (uint64_t)limit->burst);
		put_time(&cursor, limit->reserved);
		put_time(&cursor, limit->departed);
		put_time(&cursor, limit->passed);
		put_time(&cursor, limit->lowest);
	}
	cursor.out = bytes + CHECKSUM_AT;
	put(&cursor, checksum(bytes));
}

static bool in_range(int64_t ns)
{
	return ns >= -RATE_NS_MAX && ns <= RATE_NS_MAX;
}

static bool time_valid(struct rate_time time, struct rate rate)
{
	return in_range(time.ns) && time.part >= 0 && time.part < rate.count;
}

static bool limit_valid(const struct bucket_limit *limit)
{
	return memchr(limit->name, '\0', BUCKET_NAME) &&
	       bucket_name_valid(limit->name) && rate_valid(limit->rate) &&
	       limit->burst > 0 && limit->burst <= RATE_TOKENS_MAX &&
	       rate_holds(limit->rate, limit->burst) &&
	       time_valid(limit->reserved, limit->rate) &&
	       time_valid(limit->departed, limit->rate) &&
	       time_valid(limit->passed, limit->rate) &&
	       time_valid(limit->lowest, limit->rate);
}

static bool header_valid(const struct bucket *bucket)
{
	return memchr(bucket->boot, '\0', BUCKET_BOOT) &&
	       in_range(bucket->stamp) && in_range(bucket->last) &&
	       in_range(bucket->resume) && in_range(bucket->moved) &&
	       in_range(bucket->paused) && bucket->served <= bucket->issued;
}

static void get_limit(struct cursor *cursor, struct bucket_limit *limit)
{
	get_text(cursor, limit->name, BUCKET_NAME);
	limit->rate.count = get_signed(cursor);
	limit->rate.period = get_signed(cursor);
	limit->burst = get_signed(cursor);
	limit->reserved = get_time(cursor);
	limit->departed = get_time(cursor);
	limit->passed = get_time(cursor);
	limit->lowest = get_time(cursor);
}

static bool get_bucket(struct cursor *cursor, struct bucket *bucket)
{
	uint64_t limits;

	get_text(cursor, bucket->boot, BUCKET_BOOT);
	bucket->stamp = get_signed(cursor);
	bucket->wall = get_signed(cursor);
	bucket->identity = get(cursor);
	bucket->edition = get(cursor);
	bucket->last = get_signed(cursor);
	bucket->resume = get_signed(cursor);
	bucket->moved = get_signed(cursor);
	bucket->paused = get_signed(cursor);
	bucket->issued = get(cursor);
	bucket->served = get(cursor);
	limits = get(cursor);
	if (!header_valid(bucket) || limits < 1 || limits > BUCKET_LIMITS)
		return false;
	for (bucket->limits = 0; bucket->limits < limits; bucket->limits++) {
		struct bucket_limit *limit = &bucket->limit[bucket->limits];

		get_limit(cursor, limit);
		if (!limit_valid(limit) ||
		    bucket_find(bucket, limit->name) >= 0)
			return false;
	}
	return true;
}

bool bucket_is_record(const unsigned char *bytes, size_t length)
{
	return length >= sizeof(magic) && !memcmp(bytes, magic, sizeof(magic));
}

int bucket_decode(struct bucket *bucket, const unsigned char *bytes,
		  size_t length, const char **reason)
{
	struct cursor cursor = {.in = bytes + sizeof(magic)};
	struct cursor sum = {.in = bytes + CHECKSUM_AT};

	memset(bucket, 0, sizeof(*bucket));
	*reason = "is empty";
	if (!length)
		return -1;
	*reason = "is not a state of rate-wait";
	if (!bucket_is_record(bytes, length))
		return -1;
	*reason = "is damaged: it is cut off";
	if (length < sizeof(magic) + 8)
		return -1;
	*reason = "is of a version that this program does not know";
	if (get(&cursor) != FORMAT)
		return -1;
	*reason = "is damaged: it has not its length";
	if (length != BUCKET_RECORD)
		return -1;
	*reason = "is damaged: its checksum is wrong";
	if (get(&sum) != checksum(bytes))
		return -1;
	*reason = "is damaged: it contradicts itself";
	return get_bucket(&cursor, bucket) ? 0 : -1;
}
