/* SPDX-License-Identifier: MIT */
#include "notice.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "deadline.h"
#include "duration.h"

static void *wait_and_call(void *argument)
{
	struct notice *notice = argument;
	int64_t at = deadline_in(notice->after).at;
	const struct timespec until = {at / NS_PER_SECOND, at % NS_PER_SECOND};
	int error = 0;

	pthread_mutex_lock(&notice->mutex);
	while (!notice->stop && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&notice->wake, &notice->mutex,
					       &until);
	if (notice->stop)
		error = 0;
	pthread_mutex_unlock(&notice->mutex);
	if (error == ETIMEDOUT)
		notice->call(notice->context);
	return NULL;
}

void notice_start(struct notice *notice, int64_t after,
		  void (*call)(const void *context), const void *context)
{
	pthread_condattr_t monotonic;
	sigset_t all, before;

	*notice = (struct notice){
		.after = after, .call = call, .context = context};
	pthread_mutex_init(&notice->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&notice->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* A thread starts with its maker's mask. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	notice->running = !pthread_create(&notice->thread, NULL, wait_and_call,
					  notice);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void notice_stop(struct notice *notice)
{
	int saved = errno;

	pthread_mutex_lock(&notice->mutex);
	notice->stop = true;
	pthread_cond_signal(&notice->wake);
	pthread_mutex_unlock(&notice->mutex);
	if (notice->running)
		pthread_join(notice->thread, NULL);
	pthread_cond_destroy(&notice->wake);
	pthread_mutex_destroy(&notice->mutex);
	errno = saved;
}
