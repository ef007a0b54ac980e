/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <limits.h>
#include <sys/file.h>

#include "temp.h"

static int here(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void temp__name__is_recognised(void **state)
{
	char temp[TEMP_NAME], longer[TEMP_NAME];

	(void)state;
	assert_int_equal(temp_name("a.json", temp), 0);
	assert_true(temp_is(temp, "a.json"));
	assert_true(temp_is(temp, NULL));
	assert_false(temp_is(temp, "b.json"));
	assert_false(temp_is(temp, "a.jso"));
	assert_false(temp_is(temp + 1, NULL));
	assert_int_equal(temp_name("x.a.json", longer), 0);
	assert_false(temp_is(longer, "a.json"));
}

static void temp__other_names__are_not_ours(void **state)
{
	static const char *const others[] = {
		"a.json",	   ".a.json.swp",
		".interlock-tmp",  ".a.json.0123456.interlock-tmp",
		".a.json.interlock-tmp", ".a.json.0123456Z.interlock-tmp",
		".a.json.01234567.interlock-tmp.bak",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(temp_is(others[i], "a.json"));
	assert_true(temp_is(".a.json.01234567.interlock-tmp", "a.json"));
}

static void temp__long_name__is_cut_between_characters(void **state)
{
	char name[256], temp[TEMP_NAME];

	(void)state;
	memset(name, 'x', 99);
	strcpy(name + 99, "\xc3\xa4"
			  "tail");
	assert_int_equal(temp_name(name, temp), 0);
	assert_true(temp_is(temp, name));
	assert_int_equal(temp[100], '.');
	memset(name, 'x', 255);
	name[255] = '\0';
	assert_int_equal(temp_name(name, temp), 0);
	assert_true(strlen(temp) < NAME_MAX);
}

static void temp__in_use__is_not_swept(void **state)
{
	char temp[TEMP_NAME];
	int directory = here(), fd, second;

	(void)state;
	fd = temp_create(directory, "a", 0600, temp);
	assert_true(fd >= 0);
	assert_int_equal(temp_sweep(directory, "a"), 0);
	second = temp_reopen(fd, directory, temp);
	assert_true(second >= 0);
	close(fd);
	assert_int_equal(temp_sweep(directory, NULL), 0);
	close(second);
	assert_int_equal(temp_sweep(directory, "b"), 0);
	assert_int_equal(temp_sweep(directory, "a"), 1);
	assert_int_equal(scratch_entries(), 0);
	close(directory);
}

static void temp__planted_names__are_left_alone(void **state)
{
	int directory = here();

	(void)state;
	scratch_write("victim", "x");
	assert_int_equal(symlink("victim", ".a.01234567.interlock-tmp"), 0);
	assert_int_equal(mkfifo(".a.11234567.interlock-tmp", 0600), 0);
	assert_int_equal(mkdir(".a.21234567.interlock-tmp", 0700), 0);
	assert_int_equal(temp_sweep(directory, "a"), 0);
	assert_int_equal(scratch_entries(), 4);
	close(directory);
}

static void temp__unnamed__gets_a_name_later(void **state)
{
	int directory = here(), fd = temp_create_unnamed(directory, 0600);

	(void)state;
	if (fd < 0) {
		close(directory);
		skip();
	}
	assert_int_equal(scratch_entries(), 0);
	assert_int_equal(write(fd, "new", 3), 3);
	scratch_write("taken", "x");
	assert_int_equal(temp_link(fd, directory, "taken"), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(temp_link(fd, directory, "a"), 0);
	assert_true(temp_names(directory, "a", fd));
	assert_false(temp_names(directory, "taken", fd));
	scratch_holds("a", "new");
	close(fd);
	close(directory);
}

static void temp__unnamed__obeys_the_umask(void **state)
{
	int directory = here(), fd;
	struct stat status;

	(void)state;
	umask(027);
	fd = temp_create_unnamed(directory, 0666);
	if (fd >= 0) {
		assert_int_equal(fstat(fd, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0640);
		close(fd);
	}
	assert_int_equal(umask(022), 027);
	close(directory);
}

static void temp__scratch__has_no_name(void **state)
{
	int directory = here(), fd = temp_scratch(directory);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(scratch_entries(), 0);
	close(fd);
	close(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(temp__name__is_recognised),
		cmocka_unit_test(temp__other_names__are_not_ours),
		cmocka_unit_test(temp__long_name__is_cut_between_characters),
		scratch_test(temp__in_use__is_not_swept),
		scratch_test(temp__planted_names__are_left_alone),
		scratch_test(temp__unnamed__gets_a_name_later),
		scratch_test(temp__unnamed__obeys_the_umask),
		scratch_test(temp__scratch__has_no_name),
	};

	return cmocka_run_group_tests_name("temp", tests, NULL, NULL);
}
