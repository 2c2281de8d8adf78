/* The check of faces, their indexes and their crops. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/checker.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"

void fc_check_face(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	FC_CLEANUP(fc_face_record_release)
	struct fc_face_record face = { .space = fc_key_get_u32(key, 0),
				       .id = fc_key_get_u64(key, 4) };
	checker->report.faces++;
	if (!fc_checker_decoded(checker, fc_record_get_face(payload, &face))) {
		return;
	}
	struct fc_checker_tally *tally = fc_checker_tally(checker, face.space);
	if (tally) {
		tally->faces++;
	}
	if (face.id >= checker->sequence.face) {
		fc_checker_report(checker, "its id was never assigned");
	}
	if (face.dimension != 0 &&
	    (!checker->has_pin || face.dimension != checker->pin.dimension)) {
		fc_checker_report(checker, "its template is not of the gallery's embedder");
	} else if (face.dimension != 0 && !fc_is_normalised(face.embedding, face.dimension)) {
		fc_checker_report(checker, "its template is not of length 1");
	}
	fc_checker_expect_person(checker, &face.pid, face.space);
	struct fc_key of_person = fc_key_pid_face(&face.pid, face.id);
	struct fc_key of_photo =
		fc_key_photo_face(&face.photo, face.photo_index, face.space, face.id);
	struct fc_key of_uuid = fc_key_uuid_face(&face.uuid, face.space, face.id);
	fc_checker_expect_row(checker, FC_DB_FACE_PERSON, &of_person);
	fc_checker_expect_row(checker, FC_DB_FACE_PHOTO, &of_photo);
	fc_checker_expect_row(checker, FC_DB_FACE_UUID, &of_uuid);
}

/* Read the face that an index row refers to. Reports a problem and returns false if it does not exist. */
static bool find_face(struct fc_checker *checker, uint32_t space, uint64_t id,
		      struct fc_face_record *out)
{
	enum fc_status status = fc_face_get(checker->txn, space, id, out, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its face is missing");
	}
	return status == FC_OK;
}

void fc_check_face_person(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_uuid pid = fc_key_get_pid(key, 0);
	if (fc_checker_find_person(checker, &pid, &person) &&
	    find_face(checker, person.space, fc_key_get_u64(key, sizeof(pid.bytes)), &face)) {
		struct fc_key expected = fc_key_pid_face(&face.pid, face.id);
		fc_checker_expect_own_key(checker, &expected);
	}
}

void fc_check_face_photo(struct fc_checker *checker, const struct fc_key *key,
			 struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	uint32_t space = fc_key_get_u32(key, FC_SHA256_SIZE + 2);
	if (find_face(checker, space, fc_key_get_u64(key, FC_SHA256_SIZE + 6), &face)) {
		struct fc_key expected =
			fc_key_photo_face(&face.photo, face.photo_index, face.space, face.id);
		fc_checker_expect_own_key(checker, &expected);
	}
}

void fc_check_face_uuid(struct fc_checker *checker, const struct fc_key *key,
			struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	uint32_t space = fc_key_get_u32(key, sizeof(face.uuid.bytes));
	if (find_face(checker, space, fc_key_get_u64(key, sizeof(face.uuid.bytes) + 4), &face)) {
		struct fc_key expected = fc_key_uuid_face(&face.uuid, face.space, face.id);
		fc_checker_expect_own_key(checker, &expected);
	}
}

void fc_check_crop(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_IGNORE(find_face(checker, fc_key_get_u32(key, 0), fc_key_get_u64(key, 4), &face));
}
