/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "backup.h"

static struct backup open_backup(unsigned count)
{
	struct backup backup = {
		.directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		.name = "a",
		.file = open("a", O_RDONLY | O_CLOEXEC),
		.count = count,
		.subject = "a",
	};

	assert_true(backup.directory >= 0 && backup.file >= 0);
	return backup;
}

static int close_backup(const struct backup *backup, int result)
{
	close(backup->directory);
	close(backup->file);
	return result;
}

static int make(unsigned count, bool copy)
{
	struct backup backup = open_backup(count);
	struct problem problem;

	backup.copy = copy;
	return close_backup(&backup, backup_make(&backup, &problem));
}

/* What a write does behind the backup. */
static void replace_with(const char *text)
{
	scratch_write("new", text);
	assert_int_equal(rename("new", "a"), 0);
}

static void backup__one__is_the_old_inode(void **state)
{
	ino_t before;

	(void)state;
	scratch_write("a", "1");
	before = scratch_inode("a");
	assert_int_equal(make(1, false), 0);
	assert_int_equal(scratch_inode("a.bak"), before);
	replace_with("2");
	assert_int_equal(make(1, false), 0);
	replace_with("3");
	scratch_holds("a.bak", "2");
	assert_int_equal(scratch_entries(), 2);
}

static void backup__several__are_rotated(void **state)
{
	char text[2] = "0";

	(void)state;
	scratch_write("a", text);
	for (text[0] = '1'; text[0] <= '6'; text[0]++) {
		assert_int_equal(make(3, text[0] & 1), 0);
		replace_with(text);
	}
	scratch_holds("a.bak", "5");
	scratch_holds("a.bak.1", "4");
	scratch_holds("a.bak.2", "3");
	assert_int_equal(scratch_entries(), 4);
}

static void backup__rotation_cut_short__loses_nothing_more(void **state)
{
	(void)state;
	scratch_write("a", "3");
	scratch_write("a.bak.1", "2");
	scratch_write("a.bak.2", "1");
	assert_int_equal(make(3, false), 0);
	scratch_holds("a.bak", "3");
	scratch_holds("a.bak.1", "2");
	scratch_holds("a.bak.2", "1");
}

static void backup__already_made__is_left_as_it_is(void **state)
{
	(void)state;
	scratch_write("a", "2");
	scratch_write("a.bak.1", "1");
	assert_int_equal(link("a", "a.bak"), 0);
	assert_int_equal(make(3, false), 0);
	scratch_holds("a.bak", "2");
	scratch_holds("a.bak.1", "1");
	assert_int_equal(scratch_entries(), 3);
}

static void backup__copy__is_another_inode_with_the_mode(void **state)
{
	(void)state;
	scratch_write("a", "1");
	chmod("a", 0640);
	assert_int_equal(make(1, true), 0);
	scratch_holds("a.bak", "1");
	assert_int_not_equal(scratch_inode("a.bak"), scratch_inode("a"));
	assert_int_equal(scratch_mode("a.bak"), 0640);
	assert_int_equal(scratch_entries(), 2);
}

static void backup__planted_link__is_replaced_not_followed(void **state)
{
	(void)state;
	scratch_write("victim", "precious");
	for (int copy = 0; copy <= 1; copy++) {
		scratch_write("a", "1");
		unlink("a.bak");
		assert_int_equal(symlink("victim", "a.bak"), 0);
		assert_int_equal(make(1, copy), 0);
		scratch_holds("victim", "precious");
		scratch_holds("a.bak", "1");
	}
}

static void backup__directory_in_the_way__is_refused(void **state)
{
	(void)state;
	scratch_write("a", "1");
	assert_int_equal(mkdir("a.bak", 0755), 0);
	assert_int_equal(make(1, false), -1);
	assert_int_equal(make(1, true), -1);
	assert_int_equal(scratch_entries(), 2);
}

static void backup__detached__survives_a_write_in_place(void **state)
{
	struct backup backup;
	struct problem problem;

	(void)state;
	scratch_write("a", "1");
	assert_int_equal(link("a", "a.bak"), 0);
	backup = open_backup(1);
	assert_true(backup_is_file(&backup));
	assert_int_equal(backup_detach(&backup, &problem), 0);
	assert_false(backup_is_file(&backup));
	close_backup(&backup, 0);
	scratch_holds("a.bak", "1");
	assert_int_equal(scratch_entries(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(backup__one__is_the_old_inode),
		scratch_test(backup__several__are_rotated),
		scratch_test(backup__rotation_cut_short__loses_nothing_more),
		scratch_test(backup__already_made__is_left_as_it_is),
		scratch_test(backup__copy__is_another_inode_with_the_mode),
		scratch_test(backup__planted_link__is_replaced_not_followed),
		scratch_test(backup__directory_in_the_way__is_refused),
		scratch_test(backup__detached__survives_a_write_in_place),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
