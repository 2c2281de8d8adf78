/*
 * The verb "profiles audit": which stored faces and persons of a space are probably wrong.
 *
 * A face is compared with the mean of its person's other faces, and with the most similar other person. It is an outlier if it is below the
 * space's `junk` threshold to the other faces. MISLABELLED: more similar to another person than to the other faces of its own, at or above
 * the `ha` threshold. WEAK: another outlier, or a face that is nearer to another person, but below `ha`. DUPLICATE: two persons whose means,
 * without outliers, are at or above `ha`; the other faces of such persons are not reported because they are nearer to that person. A person
 * with one face can only be a duplicate.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AUDIT_H
#define FC_SERVICE_AUDIT_H

#include "service/profiles.h"

enum fc_finding {
	FC_FINDING_MISLABELLED,
	FC_FINDING_DUPLICATE,
	FC_FINDING_WEAK,
	FC_FINDING_COUNT,
};

/* "mislabelled", ... */
const char *fc_finding_name(enum fc_finding finding);

/* One finding. Valid during the call of report only. */
struct fc_audit_finding {
	enum fc_finding finding;
	const struct fc_face_record *face; /* NULL for DUPLICATE */
	struct fc_identity person;
	bool has_own;
	float own; /* similarity of the face to the mean of the person's other faces */
	bool has_other;
	struct fc_identity other; /* the person that it resembles */
	float similarity;         /* of the face, or of the person, to that person's mean */
};

struct fc_audit_request {
	const char *space;
	/* Receives the duplicates, and then the faces in the order in which they were stored. An error ends the audit. */
	enum fc_status (*report)(void *context, const struct fc_audit_finding *finding,
				 struct fc_error *err);
	void *context;
};

/* Errors: FC_NOT_FOUND (no such space), FC_INVALID_ARGUMENT (the embedder has no calibration), FC_INCOMPATIBLE. */
static inline enum fc_status fc_service_audit(struct fc_service *service,
					      const struct fc_audit_request *request,
					      struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_PROFILES_AUDIT, err));
	return service->operations->profiles->audit(service, request, err);
}

#endif
