/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "buffer.h"

static void buffer__new__has_no_memory(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	buffer_clear(&buffer);
	buffer_release(&buffer);
}

static void buffer__nothing_added__ends_in_nul(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add(&buffer, NULL, 0), 0);
	assert_int_equal(buffer.length, 0);
	assert_string_equal(buffer.data, "");
	buffer_release(&buffer);
}

static void buffer__pieces__follow_each_other(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add_string(&buffer, "one"), 0);
	assert_int_equal(buffer_add_char(&buffer, ' '), 0);
	assert_int_equal(buffer_add(&buffer, "two!", 3), 0);
	assert_int_equal(buffer_add_format(&buffer, " %d %s", 3, "four"), 0);
	assert_string_equal(buffer.data, "one two 3 four");
	assert_int_equal(buffer.length, strlen("one two 3 four"));
	buffer_release(&buffer);
}

static void buffer__nul_bytes__are_bytes_like_others(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add(&buffer, "a\0b", 3), 0);
	assert_int_equal(buffer_add_char(&buffer, '\0'), 0);
	assert_int_equal(buffer.length, 4);
	assert_memory_equal(buffer.data, "a\0b\0\0", 5);
	buffer_release(&buffer);
}

static void buffer__growing_at_every_size__keeps_bytes_and_nul(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		assert_int_equal(buffer_add_char(&buffer, (char)('a' + i % 26)),
				 0);
		assert_true(buffer.capacity > buffer.length);
		assert_int_equal(buffer.data[i + 1], '\0');
	}
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(buffer.data[i], 'a' + i % 26);
	buffer_release(&buffer);
}

static void buffer__long_format__is_not_cut(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add_format(&buffer, "%5000d", 7), 0);
	assert_int_equal(buffer.length, 5000);
	assert_int_equal(buffer.data[4999], '7');
	buffer_release(&buffer);
}

static void buffer__reserved__needs_no_more_memory(void **state)
{
	struct buffer buffer = BUFFER_INIT;
	const char *before;

	(void)state;
	assert_int_equal(buffer_reserve(&buffer, 1000), 0);
	assert_int_equal(buffer.length, 0);
	before = buffer.data;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(buffer_add_char(&buffer, 'x'), 0);
	assert_ptr_equal(buffer.data, before);
	buffer_release(&buffer);
}

static void buffer__impossible_size__fails_and_keeps_contents(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add_string(&buffer, "kept"), 0);
	errno = 0;
	assert_int_equal(buffer_reserve(&buffer, SIZE_MAX), -1);
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_int_equal(buffer_reserve(&buffer, SIZE_MAX / 5), -1);
	assert_int_equal(errno, ENOMEM);
	assert_string_equal(buffer.data, "kept");
	assert_int_equal(buffer.length, 4);
	buffer_release(&buffer);
}

static void buffer__cleared__keeps_its_memory(void **state)
{
	struct buffer buffer = BUFFER_INIT;
	const char *before;

	(void)state;
	assert_int_equal(buffer_add_string(&buffer, "old"), 0);
	before = buffer.data;
	buffer_clear(&buffer);
	assert_int_equal(buffer.length, 0);
	assert_string_equal(buffer.data, "");
	assert_int_equal(buffer_add_string(&buffer, "new"), 0);
	assert_ptr_equal(buffer.data, before);
	buffer_release(&buffer);
}

static void buffer__released__is_as_new(void **state)
{
	struct buffer buffer = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add_string(&buffer, "gone"), 0);
	buffer_release(&buffer);
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	assert_int_equal(buffer.capacity, 0);
	assert_int_equal(buffer_add_string(&buffer, "again"), 0);
	assert_string_equal(buffer.data, "again");
	buffer_release(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer__new__has_no_memory),
		cmocka_unit_test(buffer__nothing_added__ends_in_nul),
		cmocka_unit_test(buffer__pieces__follow_each_other),
		cmocka_unit_test(buffer__nul_bytes__are_bytes_like_others),
		cmocka_unit_test(
			buffer__growing_at_every_size__keeps_bytes_and_nul),
		cmocka_unit_test(buffer__long_format__is_not_cut),
		cmocka_unit_test(buffer__reserved__needs_no_more_memory),
		cmocka_unit_test(
			buffer__impossible_size__fails_and_keeps_contents),
		cmocka_unit_test(buffer__cleared__keeps_its_memory),
		cmocka_unit_test(buffer__released__is_as_new),
	};

	return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
