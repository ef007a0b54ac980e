/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "etag.h"

static void etag__known_contents__have_known_tags(void **state)
{
	char tag[ETAG_SIZE];

	(void)state;
	etag_of(NULL, 0, tag);
	assert_string_equal(tag, "99aa06d3014798d86001c324468d497f");
	etag_of("hello\n", 6, tag);
	assert_true(etag_is(tag));
	assert_string_not_equal(tag, "99aa06d3014798d86001c324468d497f");
}

static void etag__file__has_the_tag_of_its_content(void **state)
{
	static char content[200000];
	char of_memory[ETAG_SIZE], of_file[ETAG_SIZE], of_range[ETAG_SIZE];
	int fd = open("a", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (char)(i * 7);
	assert_int_equal(write(fd, content, sizeof(content)),
			 sizeof(content));
	etag_of(content, sizeof(content), of_memory);
	assert_int_equal(etag_of_file(fd, of_file), 0);
	assert_string_equal(of_file, of_memory);
	etag_of(content + 5, 100000, of_memory);
	assert_int_equal(etag_of_range(fd, 5, 100000, of_range), 0);
	assert_string_equal(of_range, of_memory);
	close(fd);
	assert_int_equal(etag_of_file(fd, of_file), -1);
}

static void etag__other_words__are_none(void **state)
{
	(void)state;
	assert_true(etag_is("none"));
	assert_true(etag_is("0123456789abcdef0123456789abcdef"));
	assert_false(etag_is(""));
	assert_false(etag_is("0123456789abcdef0123456789abcde"));
	assert_false(etag_is("0123456789abcdef0123456789abcdef0"));
	assert_false(etag_is("0123456789ABCDEF0123456789ABCDEF"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etag__known_contents__have_known_tags),
		scratch_test(etag__file__has_the_tag_of_its_content),
		cmocka_unit_test(etag__other_words__are_none),
	};

	return cmocka_run_group_tests_name("etag", tests, NULL, NULL);
}
