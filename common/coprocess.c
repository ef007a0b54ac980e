/* SPDX-License-Identifier: MIT */
/*
 * The life of a struct run
 *
 *   started   pid is the command; to and from are our ends of its standard
 *             input and output, non-blocking, each -1 once it is done with.
 *   ended     waitpid has given its status; pid is 0.
 */
#include "coprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duration.h"
#include "fdio.h"
#include "signals.h"

struct run {
	const struct coprocess *coprocess;
	struct problem *problem;
	pid_t pid;
	int status;
	int to;
	int from;
	size_t written;
};

static int fail(const struct run *run, const char *what)
{
	return problem_errno(run->problem, run->coprocess->argv[0], what);
}

/* --- starting ------------------------------------------------------------ */

/* The three pipes: [0] reads, [1] writes. -1 where there is none. */
struct pipes {
	int to[2];
	int from[2];
	int error[2]; /* close-on-exec: brings errno if exec fails */
};

static void close_pipes(struct pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		fdio_discard(&pipes->to[i]);
		fdio_discard(&pipes->from[i]);
		fdio_discard(&pipes->error[i]);
	}
}

static int open_pipe(int ends[2])
{
	if (pipe(ends)) {
		ends[0] = ends[1] = -1;
		return -1;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

static void become(const struct coprocess *coprocess,
		   const struct pipes *pipes)
{
	int error;

	if (dup2(pipes->from[1], STDOUT_FILENO) >= 0 &&
	    (pipes->to[0] < 0 || dup2(pipes->to[0], STDIN_FILENO) >= 0)) {
		signals_reset();
		execvp(coprocess->argv[0], coprocess->argv);
	}
	error = errno;
	while (write(pipes->error[1], &error, sizeof(error)) < 0 &&
	       errno == EINTR)
		continue;
	_exit(STATUS_NOEXEC);
}

/* 0 once the command runs; else errno is what kept it from running. */
static int await_exec(int fd)
{
	int error;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(error))
		return 0;
	errno = error;
	return -1;
}

static int start(struct run *run)
{
	struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}};
	int result = -1;

	if ((run->coprocess->input && open_pipe(pipes.to)) ||
	    open_pipe(pipes.from) || open_pipe(pipes.error) ||
	    (run->pid = fork()) < 0) {
		fail(run, "cannot be run");
		close_pipes(&pipes);
		return -1;
	}
	if (run->pid == 0)
		become(run->coprocess, &pipes);
	fdio_discard(&pipes.error[1]);
	if (await_exec(pipes.error[0])) {
		fail(run, "cannot be run");
		waitpid(run->pid, NULL, 0);
	} else {
		run->to = pipes.to[1];
		run->from = pipes.from[0];
		fcntl(run->from, F_SETFL, O_NONBLOCK);
		if (run->to >= 0)
			fcntl(run->to, F_SETFL, O_NONBLOCK);
		pipes.to[1] = pipes.from[0] = -1;
		result = 0;
	}
	close_pipes(&pipes);
	return result;
}

/* --- running ------------------------------------------------------------- */

/* Take what is there. 1: there was something. 0: nothing now, or no more. */
static int take(struct run *run)
{
	char bytes[64 * 1024];
	ssize_t n = read(run->from, bytes, sizeof(bytes));

	if (n > 0) {
		const struct coprocess *c = run->coprocess;

		return c->take(c->context, bytes, (size_t)n, run->problem)
			       ? -1
			       : 1;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return fail(run, "cannot read its output");
	fdio_discard(&run->from);
	return 0;
}

/* Give what it accepts. One that has closed its input wants no more. */
static int give(struct run *run)
{
	const struct coprocess *c = run->coprocess;
	size_t left = c->input_length - run->written;
	ssize_t n = left ? write(run->to, c->input + run->written, left) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0 && errno != EPIPE)
		return fail(run, "cannot write its input");
	if (n > 0)
		run->written += (size_t)n;
	if (n < 0 || run->written == c->input_length)
		fdio_discard(&run->to);
	return 0;
}

/* Has it ended? */
static bool reap(struct run *run)
{
	if (run->pid > 0 &&
	    waitpid(run->pid, &run->status, WNOHANG) == run->pid)
		run->pid = 0;
	return run->pid == 0;
}

static int step(struct run *run)
{
	struct pollfd fds[] = {
		{.fd = run->from, .events = POLLIN},
		{.fd = run->to, .events = POLLOUT},
	};
	int ready = signals_poll(fds, 2, run->coprocess->deadline);

	if (ready == 0)
		return problem_set(run->problem, STATUS_BUSY,
				   run->coprocess->argv[0],
				   "has not ended in time");
	if (ready < 0 && errno != EINTR)
		return fail(run, "cannot wait for it");
	if (signals_caught())
		return problem_set(run->problem, STATUS_FAILED,
				   run->coprocess->argv[0], "interrupted");
	if (ready < 0)
		return 0;
	if (fds[0].revents && take(run) < 0)
		return -1;
	return fds[1].revents ? give(run) : 0;
}

/* TERM, or what has ended us; a second later, KILL. */
static void put_an_end(struct run *run)
{
	const struct deadline second = deadline_in(NS_PER_SECOND);
	int number = signals_caught();

	if (reap(run))
		return;
	kill(run->pid, number ? number : SIGTERM);
	while (!reap(run) && !deadline_passed(second))
		deadline_sleep(second, 5000000);
	if (reap(run))
		return;
	kill(run->pid, SIGKILL);
	while (waitpid(run->pid, &run->status, 0) < 0 && errno == EINTR)
		continue;
}

static int pump(struct run *run)
{
	int more;

	while (!reap(run))
		if (step(run))
			return -1;
	do
		more = run->from < 0 ? 0 : take(run);
	while (more > 0);
	return more;
}

static int judge(const struct run *run)
{
	const char *name = run->coprocess->argv[0];

	if (WIFSIGNALED(run->status))
		return problem_set(run->problem, STATUS_FAILED, name,
				   "was killed by signal %d (%s)",
				   WTERMSIG(run->status),
				   strsignal(WTERMSIG(run->status)));
	if (WEXITSTATUS(run->status))
		return problem_set(run->problem, STATUS_FAILED, name,
				   "exited with status %d",
				   WEXITSTATUS(run->status));
	return 0;
}

int coprocess_run(const struct coprocess *coprocess, struct problem *problem)
{
	struct run run = {
		.coprocess = coprocess,
		.problem = problem,
		.to = -1,
		.from = -1,
	};
	int result;

	signals_watch_children(true);
	result = start(&run);
	if (!result) {
		result = pump(&run);
		if (result)
			put_an_end(&run);
		else
			result = judge(&run);
	}
	fdio_discard(&run.to);
	fdio_discard(&run.from);
	signals_watch_children(false);
	return result;
}
