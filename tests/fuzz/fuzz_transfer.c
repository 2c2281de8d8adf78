/* Any bytes as a record that travels between galleries: refused, or within every limit of a gallery. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"
#include "gallery/transfer/transfer.h"

static void check_label(const char *text)
{
	FUZZ_CHECK(!text || fc_text_is_label(text, FC_LABEL_MAXIMUM));
}

static void check_face(const struct fc_transfer *record)
{
	const struct fc_face_record *face = &record->face;
	FUZZ_CHECK(record->model.name[0] != '\0');
	FUZZ_CHECK(face->dimension >= 1 && face->dimension <= FC_DIMENSION_MAXIMUM);
	FUZZ_CHECK(face->dimension == record->model.dimension);
	FUZZ_CHECK(fc_is_normalised(face->embedding, face->dimension));
	FUZZ_CHECK(fc_is_finite(face->box, FC_ARRAY_LENGTH(face->box)));
	FUZZ_CHECK(fc_is_finite(face->landmarks, FC_ARRAY_LENGTH(face->landmarks)));
	FUZZ_CHECK(isfinite(face->confidence) && isfinite(face->quality));
	FUZZ_CHECK(fc_check_source(face->origin, face->path, NULL) == FC_OK);
	FUZZ_CHECK(record->crop.length < FC_RECORD_MAXIMUM);
}

static void check_entry(const struct fc_entry *entry)
{
	const float measures[] = { entry->confidence, entry->exposure, entry->sharpness,
				   entry->pan,        entry->tilt,     entry->similarity,
				   entry->match };
	FUZZ_CHECK(entry->result >= FC_RESULT_NM && entry->result <= FC_RESULT_NF);
	FUZZ_CHECK(fc_is_finite(measures, FC_ARRAY_LENGTH(measures)));
	FUZZ_CHECK(fc_check_source(entry->origin, entry->path, NULL) == FC_OK);
	FUZZ_CHECK(entry->created != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	struct fc_error err = { 0 };
	if (fc_transfer_parse((const char *)data, size, &record, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0' && !record.face.embedding);
		return 0;
	}
	FUZZ_CHECK(record.kind < FC_TRANSFER_KINDS);
	FUZZ_CHECK(record.space[0] == '\0' || fc_text_is_space_name(record.space));
	FUZZ_CHECK(memchr(record.model.name, '\0', sizeof(record.model.name)));
	check_label(record.person.name);
	FUZZ_CHECK(!record.person.user_data ||
		   strlen(record.person.user_data) <= FC_USER_DATA_MAXIMUM);
	if (record.kind == FC_TRANSFER_FACE) {
		check_face(&record);
	} else if (record.kind == FC_TRANSFER_ENTRY) {
		check_entry(&record.entry);
	} else if (record.kind == FC_TRANSFER_SPACE) {
		const struct fc_bands *bands = &record.settings.bands;
		FUZZ_CHECK(record.space[0] != '\0' && bands->junk >= 0 && bands->exact <= 100);
	} else if (record.kind == FC_TRANSFER_SNAPSHOT) {
		FUZZ_CHECK(!fc_uuid_is_nil(&record.snapshot.id) && record.container.is_stored);
		FUZZ_CHECK(record.snapshot.kind > FC_CONTAINER_NONE &&
			   record.snapshot.kind < FC_CONTAINER_KINDS);
	}
	return 0;
}
