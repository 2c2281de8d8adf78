/* Spaces: separate sets of persons. A search never crosses spaces. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SPACES_H
#define FC_SERVICE_SPACES_H

#include <stddef.h>
#include <stdint.h>

#include "gallery/gallery.h"
#include "service/verbs.h"
#include "vision/models/models.h"

struct fc_space_summary {
	char name[FC_SPACE_NAME_SIZE];
	uint64_t id;     /* its number in documents of NeuroIO and SERP; 0 when it has none */
	int64_t created; /* microseconds since the epoch; 0 when the service does not report it */
	uint64_t persons, faces, entries;
	bool uncounted; /* the service does not report how many */
};

/* The bands of a space to change. */
struct fc_bands_change {
	bool has_exact, has_ha, has_junk;
	struct fc_bands bands;
};

struct fc_space_bands {
	struct fc_bands confidence; /* 0 to 100 */
	bool has_similarity;        /* the embedder has a calibration, which defines similarity */
	struct fc_bands similarity; /* cosine */
	bool extrapolated;          /* outside of the range that the calibration measured */
};

struct fc_space_verbs {
	enum fc_status (*list)(struct fc_service *service, struct fc_space_summary **out,
			       size_t *count, struct fc_error *err);
	enum fc_status (*delete)(struct fc_service *service, const char *space,
				 struct fc_error *err);
	enum fc_status (*bands)(struct fc_service *service, const char *space,
				const struct fc_bands_change *change, struct fc_space_bands *out,
				struct fc_error *err);
	enum fc_status (*calibrate)(struct fc_service *service, const char *space,
				    const struct fc_calibration *calibration, struct fc_error *err);
	enum fc_status (*rename)(struct fc_service *service, const char *space, const char *name,
				 bool dry_run, struct fc_error *err);
};

/* The caller frees *out. */
static inline enum fc_status fc_service_space_list(struct fc_service *service,
						   struct fc_space_summary **out, size_t *count,
						   struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_SPACES_LIST, err));
	return service->operations->spaces->list(service, out, count, err);
}

static inline enum fc_status fc_service_space_delete(struct fc_service *service, const char *space,
						     struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_SPACES_DELETE, err));
	return service->operations->spaces->delete (service, space, err);
}

/*
 * Change the bands that are set in `change` (possibly none), and return the bands in effect.
 * Errors: FC_INVALID_ARGUMENT unless junk <= ha <= exact.
 */
static inline enum fc_status fc_service_space_bands(struct fc_service *service, const char *space,
						    const struct fc_bands_change *change,
						    struct fc_space_bands *out,
						    struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_SPACES_UPDATE, err));
	return service->operations->spaces->bands(service, space, change, out, err);
}

/*
 * Store a calibration with a space: recognize then derives thresholds at rates from it instead of from the embedder's.
 * NULL: remove it. Errors: FC_INCOMPATIBLE (the gallery was created with another embedder), FC_NOT_FOUND (space).
 */
static inline enum fc_status fc_service_space_calibrate(struct fc_service *service,
							const char *space,
							const struct fc_calibration *calibration,
							struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_EVAL_CALIBRATE, err));
	return service->operations->spaces->calibrate(service, space, calibration, err);
}

/* Errors: FC_NOT_FOUND (no such space), FC_CONFLICT (the new name is taken), FC_INVALID_ARGUMENT (it is invalid). */
static inline enum fc_status fc_service_space_rename(struct fc_service *service, const char *space,
						     const char *name, bool dry_run,
						     struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_SPACES_RENAME, err));
	return service->operations->spaces->rename(service, space, name, dry_run, err);
}

#endif
