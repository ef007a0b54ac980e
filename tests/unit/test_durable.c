/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "durable.h"

static void durable__directory__is_synced(void **state)
{
	int directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(durable_directory(directory, -1), 0);
	close(directory);
}

#ifdef O_PATH
/* One that cannot be read, but searched, can only be opened like this. */
static void durable__unreadable_directory__is_synced_otherwise(void **state)
{
	int directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), file;

	(void)state;
	scratch_write("a", "x");
	file = open("a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(durable_directory(directory, file), 0);
	close(file);
	close(directory);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(durable__directory__is_synced),
#ifdef O_PATH
		scratch_test(
			durable__unreadable_directory__is_synced_otherwise),
#endif
	};

	return cmocka_run_group_tests_name("durable", tests, NULL, NULL);
}
