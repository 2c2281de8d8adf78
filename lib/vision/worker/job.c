/* The jobs of the pool: find, check, finish and free them. */
/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "vision/worker/pool.h"

struct fc_job *fc_pool_oldest_job(struct fc_workers *workers, enum fc_job_state state,
				  uint64_t after)
{
	struct fc_job *oldest = NULL;
	for (size_t i = 0; i < workers->job_count; i++) {
		struct fc_job *job = &workers->jobs[i];
		if (job->state == state && job->serial > after &&
		    (!oldest || job->serial < oldest->serial)) {
			oldest = job;
		}
	}
	return oldest;
}

void fc_pool_finish_job(struct fc_job *job, const struct fc_error *result)
{
	fc_fd_close(&job->fd);
	job->result = *result;
	job->state = FC_JOB_DONE;
}

void fc_pool_free_job(struct fc_job *job)
{
	fc_fd_close(&job->fd);
	fc_analysis_release(&job->analysis);
	fc_buffer_release(&job->picture);
	*job = (struct fc_job){ .fd = -1 };
}

enum fc_status fc_pool_check_digest(const struct fc_job *job, enum fc_status status, bool *same,
				    struct fc_error *err)
{
	static const struct fc_sha256 none;
	const struct fc_analysis *analysis = &job->analysis;
	struct fc_sha256 digest;
	struct stat info;
	*same = status != FC_OK && fc_sha256_equal(&analysis->sha256, &none);
	if (*same) {
		return FC_OK;
	}
	enum fc_status hashed = fc_sha256_of_file(job->fd, "photo", &digest, err);
	*same = hashed == FC_OK && fc_sha256_equal(&analysis->sha256, &digest) &&
		fstat(job->fd, &info) == 0 && (uint64_t)info.st_size == analysis->bytes;
	return hashed == FC_NO_MEMORY ? hashed : FC_OK;
}
