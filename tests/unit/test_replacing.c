/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "replacing.h"

static const struct option_spec specs[] = {
	REPLACING_SPECS,
	{'x', NULL, NULL, NULL, false, false},
	{0, NULL, NULL, NULL, false, false},
};

static struct problem problem;

/* What replacing_option says to one word. */
static int take(struct replacing *replacing, const char *word)
{
	char tool[] = "tool", option[64], *argv[] = {tool, option, NULL};
	struct options options;
	int id;

	strcpy(option, word);
	options_init(&options, specs, argv, false);
	id = options_next(&options, &problem);
	assert_true(id > 0);
	return replacing_option(replacing, id, &options, &problem);
}

static void replacing__backup__counts(void **state)
{
	struct replacing replacing = {.if_match = NULL};

	(void)state;
	assert_int_equal(take(&replacing, "--backup"), 1);
	assert_int_equal(replacing.options.backups, 1);
	assert_int_equal(take(&replacing, "--backup=12"), 1);
	assert_int_equal(replacing.options.backups, 12);
}

static void replacing__nonsense__is_misuse(void **state)
{
	static const char *const words[] = {
		"--backup=0",	"--backup=",	 "--backup=x",
		"--backup=-1",	"--backup=1000", "--backup=1x",
		"--if-match=x", "--if-match=",
	};
	struct replacing replacing = {.if_match = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(take(&replacing, words[i]), -1);
		assert_int_equal(problem.status, STATUS_MISUSE);
	}
	assert_int_equal(replacing.options.backups, 0);
}

static void replacing__other_options__are_not_taken(void **state)
{
	struct replacing replacing = {.if_match = NULL};

	(void)state;
	assert_int_equal(take(&replacing, "-x"), 0);
}

static void replacing__match__compares_the_tags(void **state)
{
	struct replacing replacing = {.if_match = NULL};

	(void)state;
	assert_int_equal(replacing_match(&replacing, "none", "f", &problem),
			 0);
	assert_int_equal(take(&replacing, "--if-match=none"), 1);
	assert_true(replacing.options.exact);
	assert_int_equal(replacing_match(&replacing, "none", "f", &problem),
			 0);
	assert_int_equal(
		replacing_match(&replacing, "0123456789abcdef0123456789abcdef",
				"f", &problem),
		-1);
	assert_int_equal(problem.status, STATUS_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replacing__backup__counts),
		cmocka_unit_test(replacing__nonsense__is_misuse),
		cmocka_unit_test(replacing__other_options__are_not_taken),
		cmocka_unit_test(replacing__match__compares_the_tags),
	};

	return cmocka_run_group_tests_name("replacing", tests, NULL, NULL);
}
