/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duration.h"
#include "signals.h"

/* Run TEST in a child; how that ended, as waitpid tells it. */
static int in_child(int (*test)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(test());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int catch_and_die(void)
{
	signals_catch();
	raise(SIGTERM);
	raise(SIGHUP);
	if (signals_caught() != SIGTERM)
		return 1;
	signals_die();
	return 2;
}

static void signals__caught__is_died_of_later(void **state)
{
	int status = in_child(catch_and_die);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static int inherit_ignored(void)
{
	signal(SIGHUP, SIG_IGN);
	signals_catch();
	raise(SIGHUP);
	return signals_caught();
}

static void signals__inherited_ignored__stays_ignored(void **state)
{
	(void)state;
	assert_int_equal(in_child(inherit_ignored), 0);
}

static int write_to_closed_pipe(void)
{
	int ends[2];

	signals_catch();
	if (pipe(ends))
		return 1;
	close(ends[0]);
	return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 2;
}

static void signals__closed_pipe__is_an_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(write_to_closed_pipe), 0);
}

/* Caught before the poll: it must not sleep. */
static int poll_after_signal(void)
{
	int ends[2];
	struct pollfd input;

	signals_catch();
	if (pipe(ends))
		return 1;
	input = (struct pollfd){.fd = ends[0], .events = POLLIN};
	raise(SIGINT);
	alarm(20);
	if (signals_poll(&input, 1, deadline_in(DURATION_FOREVER)) != -1 ||
	    errno != EINTR)
		return 2;
	return 0;
}

static void signals__caught_before__ends_a_poll(void **state)
{
	(void)state;
	assert_int_equal(in_child(poll_after_signal), 0);
}

static int poll_for_child(void)
{
	pid_t pid;

	signals_catch();
	signals_watch_children(true);
	pid = fork();
	if (pid == 0)
		_exit(0);
	alarm(20);
	if (signals_poll(NULL, 0, deadline_in(DURATION_FOREVER)) != -1)
		return 1;
	return signals_caught();
}

static void signals__child_ends__ends_a_poll(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(in_child(poll_for_child), 0);
}

static int poll_until_deadline(void)
{
	signals_catch();
	return signals_poll(NULL, 0, deadline_in(10000000));
}

static void signals__deadline__ends_a_poll(void **state)
{
	(void)state;
	assert_int_equal(in_child(poll_until_deadline), 0);
}

static int reset_to_default(void)
{
	struct sigaction action;

	signal(SIGUSR1, SIG_IGN);
	signals_catch();
	signals_reset();
	sigaction(SIGPIPE, NULL, &action);
	if (action.sa_handler != SIG_DFL)
		return 1;
	sigaction(SIGTERM, NULL, &action);
	if (action.sa_handler != SIG_DFL)
		return 2;
	sigaction(SIGUSR1, NULL, &action);
	return action.sa_handler == SIG_IGN ? 0 : 3;
}

static void signals__reset__gives_what_we_were_given(void **state)
{
	(void)state;
	assert_int_equal(in_child(reset_to_default), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals__caught__is_died_of_later),
		cmocka_unit_test(signals__inherited_ignored__stays_ignored),
		cmocka_unit_test(signals__closed_pipe__is_an_error),
		cmocka_unit_test(signals__caught_before__ends_a_poll),
		cmocka_unit_test(signals__child_ends__ends_a_poll),
		cmocka_unit_test(signals__deadline__ends_a_poll),
		cmocka_unit_test(signals__reset__gives_what_we_were_given),
	};

	return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
