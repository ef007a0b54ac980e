/* SPDX-License-Identifier: MIT */
#include "notice.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "deadline.h"
#include "duration.h"

/* Belongs to both threads, and is freed by the one that leaves it last. */
struct notice_state {
	pthread_mutex_t mutex; /* held while the function runs */
	bool stop;
	int users;
	struct timespec until;
	void (*call)(const void *context);
	const void *context;
};

/* The mutex is held. */
static void leave(struct notice_state *state)
{
	bool last = --state->users == 0;

	pthread_mutex_unlock(&state->mutex);
	if (!last)
		return;
	pthread_mutex_destroy(&state->mutex);
	free(state);
}

/*
 * Sleeps its time out even if nothing is to be told any more: to be woken only
 * to end would cost a process that waited for a lock two switches more, just
 * when it has work to do. Mostly the process ends first.
 */
static void *wait_and_call(void *argument)
{
	struct notice_state *state = argument;

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &state->until,
			       NULL) == EINTR)
		continue;
	pthread_mutex_lock(&state->mutex);
	if (!state->stop)
		state->call(state->context);
	leave(state);
	return NULL;
}

static struct notice_state *make_state(int64_t after)
{
	struct notice_state *state = calloc(1, sizeof(*state));
	int64_t at = deadline_in(after).at;

	if (!state)
		return NULL;
	state->users = 1;
	state->until = (struct timespec){at / NS_PER_SECOND,
					 at % NS_PER_SECOND};
	pthread_mutex_init(&state->mutex, NULL);
	return state;
}

static bool start_thread(struct notice_state *state)
{
	pthread_t thread;
	sigset_t all, before;
	bool started;

	/* A thread starts with its maker's mask. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	state->users++;
	started = !pthread_create(&thread, NULL, wait_and_call, state);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (started)
		pthread_detach(thread);
	else
		state->users--;
	return started;
}

void notice_start(struct notice *notice, int64_t after,
		  void (*call)(const void *context), const void *context)
{
	struct notice_state *state = make_state(after);

	notice->state = state;
	if (!state)
		return;
	state->call = call;
	state->context = context;
	if (start_thread(state))
		return;
	notice->state = NULL;
	pthread_mutex_lock(&state->mutex);
	leave(state);
}

void notice_stop(struct notice *notice)
{
	struct notice_state *state = notice->state;
	int saved = errno;

	notice->state = NULL;
	if (state) {
		pthread_mutex_lock(&state->mutex);
		state->stop = true;
		leave(state);
	}
	errno = saved;
}
