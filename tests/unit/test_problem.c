/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "problem.h"

static void problem__set__holds_what_was_said(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(problem_set(&problem, STATUS_STATE, "a.json",
				     "line %d, column %d", 3, 7),
			 -1);
	assert_int_equal(problem.status, STATUS_STATE);
	assert_string_equal(problem.subject, "a.json");
	assert_string_equal(problem.reason, "line 3, column 7");
}

static void problem__without_subject__has_an_empty_one(void **state)
{
	struct problem problem;

	(void)state;
	problem_set(&problem, STATUS_MISUSE, NULL, "why");
	assert_string_equal(problem.subject, "");
}

static void problem__set_twice__holds_the_second(void **state)
{
	struct problem problem;

	(void)state;
	problem_set(&problem, STATUS_MISUSE, "a longer subject", "first");
	problem_set(&problem, STATUS_BUSY, "b", "2nd");
	assert_int_equal(problem.status, STATUS_BUSY);
	assert_string_equal(problem.subject, "b");
	assert_string_equal(problem.reason, "2nd");
}

static void problem__set__keeps_errno(void **state)
{
	struct problem problem;

	(void)state;
	errno = ENOSPC;
	problem_set(&problem, STATUS_FAILED, "x", "%s", "y");
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(problem_errno(&problem, "x", NULL), -1);
	assert_int_equal(errno, ENOSPC);
}

static void problem__errno__is_the_reason(void **state)
{
	struct problem problem;
	char expected[200];

	(void)state;
	errno = ENOSPC;
	assert_int_equal(problem_errno(&problem, "a.json", NULL), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.reason, strerror(ENOSPC));
	errno = EROFS;
	problem_errno(&problem, "a.json", "cannot rename");
	strcpy(expected, "cannot rename: ");
	strcat(expected, strerror(EROFS));
	assert_string_equal(problem.reason, expected);
}

/* The longest subject that fits, and one byte more. */
static void problem__long_subject__keeps_its_end(void **state)
{
	struct problem problem;
	char subject[sizeof(problem.subject) + 1];
	size_t fits = sizeof(problem.subject) - 1;

	(void)state;
	memset(subject, 'd', sizeof(subject));
	memcpy(subject + fits - 7, "/a.json", 8);
	problem_set(&problem, STATUS_FAILED, subject, "why");
	assert_string_equal(problem.subject, subject);

	memset(subject, 'd', sizeof(subject));
	memcpy(subject + fits - 6, "/a.json", 8);
	problem_set(&problem, STATUS_FAILED, subject, "why");
	assert_int_equal(strlen(problem.subject), fits);
	assert_memory_equal(problem.subject, "...d", 4);
	assert_string_equal(problem.subject + fits - 7, "/a.json");
}

static void problem__long_reason__keeps_both_ends(void **state)
{
	struct problem problem;
	size_t fits = sizeof(problem.reason) - 1;

	(void)state;
	problem_set(&problem, STATUS_FAILED, "x", "'%9999d' is why", 1);
	assert_int_equal(strlen(problem.reason), fits);
	assert_memory_equal(problem.reason, "'   ", 4);
	assert_non_null(strstr(problem.reason, " ... "));
	assert_string_equal(problem.reason + fits - 9, "1' is why");

	problem_set(&problem, STATUS_FAILED, "x", "%*d", (int)fits, 1);
	assert_int_equal(strlen(problem.reason), fits);
	assert_null(strstr(problem.reason, "..."));
	problem_set(&problem, STATUS_FAILED, "x", "%*d", (int)fits + 1, 1);
	assert_int_equal(strlen(problem.reason), fits);
	assert_non_null(strstr(problem.reason, "..."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(problem__set__holds_what_was_said),
		cmocka_unit_test(problem__without_subject__has_an_empty_one),
		cmocka_unit_test(problem__set_twice__holds_the_second),
		cmocka_unit_test(problem__set__keeps_errno),
		cmocka_unit_test(problem__errno__is_the_reason),
		cmocka_unit_test(problem__long_subject__keeps_its_end),
		cmocka_unit_test(problem__long_reason__keeps_both_ends),
	};

	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
