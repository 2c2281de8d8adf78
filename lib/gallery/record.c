/* The bytes of the gallery's records. */
/* SPDX-License-Identifier: MIT */
#include "gallery/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *fc_database_name(enum fc_database database)
{
	static const char *const names[FC_DB_END] = {
		[FC_DB_META] = "meta",
		[FC_DB_SPACE] = "space",
		[FC_DB_SPACE_NAME] = "space_name",
		[FC_DB_PERSON] = "person",
		[FC_DB_PERSON_SPACE] = "person_space",
		[FC_DB_PERSON_NUMBER] = "person_number",
		[FC_DB_FACE] = "face",
		[FC_DB_FACE_PERSON] = "face_person",
		[FC_DB_FACE_PHOTO] = "face_photo",
		[FC_DB_ENTRY] = "entry",
		[FC_DB_ENTRY_PERSON] = "entry_person",
		[FC_DB_ENTRY_TIME] = "entry_time",
		[FC_DB_ENTRY_ORIGIN] = "entry_origin",
		[FC_DB_ENTRY_DAY] = "entry_day",
		[FC_DB_ORIGIN] = "origin",
		[FC_DB_ORIGIN_NAME] = "origin_name",
		[FC_DB_CROP] = "crop",
		[FC_DB_SEGMENT] = "segment",
		[FC_DB_CODES] = "codes",
		[FC_DB_PERSON_NAME] = "person_name",
		[FC_DB_CALIBRATION] = "calibration",
		[FC_DB_LEDGER_TASK] = "ledger_task",
		[FC_DB_LEDGER_ITEM] = "ledger_item",
		[FC_DB_LEDGER_PATH] = "ledger_path",
		[FC_DB_LEDGER_ITEM_PATH] = "ledger_item_path",
		[FC_DB_LEDGER_SUBJECT] = "ledger_subject",
	};
	return names[database];
}

/* ---- header ---- */

enum { CRC_SIZE = 4 };

static uint32_t checksum(const struct fc_key *key, const uint8_t *header, const void *payload,
			 size_t length)
{
	uint32_t crc = fc_crc32c(0, key->bytes, key->length);
	crc = fc_crc32c(crc, header + CRC_SIZE, FC_RECORD_HEADER_SIZE - CRC_SIZE);
	return fc_crc32c(crc, payload, length);
}

void fc_record_seal(enum fc_database database, const struct fc_key *key, const void *payload,
		    size_t length, uint8_t header[FC_RECORD_HEADER_SIZE])
{
	header[CRC_SIZE] = FC_RECORD_VERSION;
	header[CRC_SIZE + 1] = (uint8_t)database;
	uint32_t crc = checksum(key, header, payload, length);
	for (size_t i = 0; i < CRC_SIZE; i++) {
		header[i] = (uint8_t)(crc >> (8 * i));
	}
}

/* The fields of a header, and what is behind it. */
struct opened {
	uint32_t crc;
	uint8_t version;
	struct fc_reader payload;
};

static bool open_header(enum fc_database database, const void *record, size_t length,
			struct opened *out)
{
	size_t maximum = database == FC_DB_CODES ? FC_CODES_MAXIMUM : FC_RECORD_MAXIMUM;
	if (length < FC_RECORD_HEADER_SIZE || length > maximum) {
		return false;
	}
	out->payload = fc_reader_of(record, length);
	out->crc = fc_reader_u32(&out->payload);
	out->version = fc_reader_u8(&out->payload);
	return fc_reader_u8(&out->payload) == database;
}

enum fc_status fc_record_open(enum fc_database database, const struct fc_key *key,
			      const void *record, size_t length, struct fc_reader *payload)
{
	struct opened opened;
	if (!open_header(database, record, length, &opened) ||
	    opened.crc != checksum(key, record, opened.payload.data, opened.payload.left)) {
		return FC_DAMAGED;
	}
	if (opened.version != FC_RECORD_VERSION) {
		return FC_INCOMPATIBLE;
	}
	*payload = opened.payload;
	return FC_OK;
}

enum fc_status fc_record_peek(enum fc_database database, const void *record, size_t length,
			      struct fc_reader *payload)
{
	struct opened opened;
	if (!open_header(database, record, length, &opened) ||
	    opened.version != FC_RECORD_VERSION) {
		return FC_DAMAGED;
	}
	*payload = opened.payload;
	return FC_OK;
}

/* ---- parts that several payloads share ---- */

static void put_time(struct fc_buffer *out, int64_t time)
{
	fc_buffer_put_u64(out, (uint64_t)time);
}

static int64_t get_time(struct fc_reader *in)
{
	return (int64_t)fc_reader_u64(in);
}

static void put_sha256(struct fc_buffer *out, const struct fc_sha256 *digest)
{
	fc_buffer_append(out, digest->bytes, sizeof(digest->bytes));
}

static void get_sha256(struct fc_reader *in, struct fc_sha256 *out)
{
	fc_reader_bytes(in, out->bytes, sizeof(out->bytes));
}

/* A text in place: at most limit bytes, none of them NUL. */
static const char *borrow_text(struct fc_reader *in, size_t limit, size_t *length)
{
	*length = fc_reader_u32(in);
	if (*length > limit) {
		in->failed = true;
		return NULL;
	}
	const char *text = (const char *)fc_reader_borrow(in, *length);
	if (text && memchr(text, '\0', *length)) {
		in->failed = true;
	}
	return in->failed ? NULL : text;
}

/* A text as a new string; the empty one, which stands for "none", as NULL. */
static enum fc_status get_text(struct fc_reader *in, size_t limit, char **out)
{
	size_t length;
	const char *text = borrow_text(in, limit, &length);
	if (!text) {
		return FC_DAMAGED;
	}
	if (length > 0) {
		*out = strndup(text, length);
		return *out ? FC_OK : FC_NO_MEMORY;
	}
	return FC_OK;
}

/* A text into an array of size bytes. */
static enum fc_status get_name(struct fc_reader *in, char *out, size_t size)
{
	size_t length;
	const char *text = borrow_text(in, size - 1, &length);
	if (!text) {
		return FC_DAMAGED;
	}
	memcpy(out, text, length);
	out[length] = '\0';
	return FC_OK;
}

static enum fc_status result_of(const struct fc_reader *in)
{
	return in->failed ? FC_DAMAGED : FC_OK;
}

/* ---- meta ---- */

void fc_record_put_format(struct fc_buffer *out, const struct fc_format *format)
{
	fc_buffer_put_u32(out, format->read);
	fc_buffer_put_u32(out, format->write);
	fc_record_put_pid(out, &format->gallery);
	put_time(out, format->created);
}

enum fc_status fc_record_get_format(struct fc_reader *in, struct fc_format *out)
{
	out->read = fc_reader_u32(in);
	out->write = fc_reader_u32(in);
	fc_reader_bytes(in, out->gallery.bytes, sizeof(out->gallery.bytes));
	out->created = get_time(in);
	return result_of(in);
}

void fc_record_put_sequence(struct fc_buffer *out, const struct fc_sequence *sequence)
{
	fc_buffer_put_u32(out, sequence->space);
	fc_buffer_put_u64(out, sequence->face);
	fc_buffer_put_u64(out, sequence->entry);
	fc_buffer_put_u32(out, sequence->origin);
}

enum fc_status fc_record_get_sequence(struct fc_reader *in, struct fc_sequence *out)
{
	out->space = fc_reader_u32(in);
	out->face = fc_reader_u64(in);
	out->entry = fc_reader_u64(in);
	out->origin = fc_reader_u32(in);
	return result_of(in);
}

void fc_record_put_pin(struct fc_buffer *out, const struct fc_embedder_pin *pin)
{
	put_sha256(out, &pin->sha256);
	fc_buffer_put_u32(out, pin->preprocessing);
	fc_buffer_put_u32(out, pin->dimension);
	fc_buffer_put_u8(out, pin->mirror);
	fc_buffer_put_text(out, pin->name);
}

enum fc_status fc_record_get_pin(struct fc_reader *in, struct fc_embedder_pin *out)
{
	get_sha256(in, &out->sha256);
	out->preprocessing = fc_reader_u32(in);
	out->dimension = fc_reader_u32(in);
	out->mirror = fc_reader_u8(in) != 0;
	return get_name(in, out->name, sizeof(out->name));
}

/* ---- spaces, origins and persons ---- */

/* Bands are written by people, so they are kept in whole ten-thousandths. */
static const double band_unit = 1e4;

static void put_band(struct fc_buffer *out, double band)
{
	fc_buffer_put_u32(out, (uint32_t)lround(band * band_unit));
}

static double get_band(struct fc_reader *in)
{
	return fc_reader_u32(in) / band_unit;
}

void fc_record_put_space(struct fc_buffer *out, const struct fc_space *space)
{
	put_time(out, space->created);
	fc_buffer_put_u64(out, space->person_count);
	fc_buffer_put_u64(out, space->face_count);
	fc_buffer_put_u64(out, space->entry_count);
	fc_buffer_put_u64(out, space->next_number);
	put_band(out, space->bands.exact);
	put_band(out, space->bands.ha);
	put_band(out, space->bands.junk);
	fc_buffer_put_text(out, space->name);
}

enum fc_status fc_record_get_space(struct fc_reader *in, struct fc_space *out)
{
	out->created = get_time(in);
	out->person_count = fc_reader_u64(in);
	out->face_count = fc_reader_u64(in);
	out->entry_count = fc_reader_u64(in);
	out->next_number = fc_reader_u64(in);
	out->bands.exact = get_band(in);
	out->bands.ha = get_band(in);
	out->bands.junk = get_band(in);
	return get_name(in, out->name, sizeof(out->name));
}

void fc_record_put_origin(struct fc_buffer *out, const struct fc_origin *origin)
{
	const struct fc_origin_settings *settings = &origin->settings;
	fc_buffer_put_u32(out, origin->space);
	put_time(out, origin->created);
	fc_buffer_put_u64(out, settings->min_facesize);
	fc_buffer_put_u64(out, settings->create_min_facesize);
	fc_buffer_put_u32(out, settings->flags);
	fc_buffer_put_u32(out, settings->save_entries);
	fc_buffer_put_u32(out, settings->entry_storage_days);
	fc_buffer_put_text(out, origin->name);
}

enum fc_status fc_record_get_origin(struct fc_reader *in, struct fc_origin *out)
{
	struct fc_origin_settings *settings = &out->settings;
	out->space = fc_reader_u32(in);
	out->created = get_time(in);
	settings->min_facesize = fc_reader_u64(in);
	settings->create_min_facesize = fc_reader_u64(in);
	settings->flags = fc_reader_u32(in);
	settings->save_entries = fc_reader_u32(in);
	settings->entry_storage_days = fc_reader_u32(in);
	return get_name(in, out->name, sizeof(out->name));
}

void fc_record_put_person(struct fc_buffer *out, const struct fc_person *person)
{
	fc_buffer_put_u32(out, person->space);
	fc_buffer_put_u8(out, person->has_number);
	fc_buffer_put_u64(out, person->number);
	put_time(out, person->created);
	put_time(out, person->updated);
	fc_buffer_put_u32(out, person->face_count);
	fc_buffer_put_text(out, person->name);
	fc_buffer_put_text(out, person->user_data);
}

enum fc_status fc_record_get_person(struct fc_reader *in, struct fc_person *out)
{
	out->space = fc_reader_u32(in);
	out->has_number = fc_reader_u8(in) != 0;
	out->number = fc_reader_u64(in);
	out->created = get_time(in);
	out->updated = get_time(in);
	out->face_count = fc_reader_u32(in);
	enum fc_status status = get_text(in, FC_LABEL_MAXIMUM, &out->name);
	if (status == FC_OK) {
		status = get_text(in, FC_USER_DATA_MAXIMUM, &out->user_data);
	}
	if (status != FC_OK) {
		fc_person_release(out);
	}
	return status;
}

void fc_person_release(struct fc_person *person)
{
	free(person->name);
	free(person->user_data);
	person->name = NULL;
	person->user_data = NULL;
}

void fc_record_put_pid(struct fc_buffer *out, const struct fc_uuid *pid)
{
	fc_buffer_append(out, pid->bytes, sizeof(pid->bytes));
}

enum fc_status fc_record_get_pid(struct fc_reader *in, struct fc_uuid *out)
{
	fc_reader_bytes(in, out->bytes, sizeof(out->bytes));
	return result_of(in);
}

/* ---- faces ---- */

void fc_record_put_face(struct fc_buffer *out, const struct fc_face_record *face)
{
	fc_record_put_pid(out, &face->pid);
	fc_buffer_put_u32(out, face->dimension);
	fc_buffer_put_f32s(out, face->embedding, face->dimension);
	put_time(out, face->created);
	put_sha256(out, &face->photo);
	fc_buffer_put_u16(out, face->photo_index);
	fc_buffer_put_f32s(out, face->box, FC_ARRAY_LENGTH(face->box));
	fc_buffer_put_f32s(out, face->landmarks, FC_ARRAY_LENGTH(face->landmarks));
	fc_buffer_put_f32(out, face->confidence);
	fc_buffer_put_f32(out, face->quality);
	fc_buffer_put_text(out, face->origin);
	fc_buffer_put_text(out, face->path);
}

enum fc_status fc_record_get_template(struct fc_reader *in, struct fc_face_template *out)
{
	fc_reader_bytes(in, out->pid.bytes, sizeof(out->pid.bytes));
	out->dimension = fc_reader_u32(in);
	if (in->failed || out->dimension > FC_DIMENSION_MAXIMUM) {
		return FC_DAMAGED;
	}
	out->embedding = fc_reader_borrow(in, out->dimension * sizeof(float));
	return result_of(in);
}

static enum fc_status get_face_texts(struct fc_reader *in, const struct fc_face_template *stored,
				     struct fc_face_record *out)
{
	out->embedding = calloc((size_t)stored->dimension + 1, sizeof(float));
	if (!out->embedding) {
		return FC_NO_MEMORY;
	}
	fc_record_copy_floats(out->embedding, stored->embedding, stored->dimension);
	enum fc_status status = get_text(in, FC_LABEL_MAXIMUM, &out->origin);
	return status == FC_OK ? get_text(in, FC_PATH_TEXT_MAXIMUM, &out->path) : status;
}

enum fc_status fc_record_get_face(struct fc_reader *in, struct fc_face_record *out)
{
	struct fc_face_template stored;
	FC_TRY(fc_record_get_template(in, &stored));
	out->pid = stored.pid;
	out->dimension = stored.dimension;
	out->created = get_time(in);
	get_sha256(in, &out->photo);
	out->photo_index = fc_reader_u16(in);
	fc_reader_f32s(in, out->box, FC_ARRAY_LENGTH(out->box));
	fc_reader_f32s(in, out->landmarks, FC_ARRAY_LENGTH(out->landmarks));
	out->confidence = fc_reader_f32(in);
	out->quality = fc_reader_f32(in);
	enum fc_status status = get_face_texts(in, &stored, out);
	if (status != FC_OK) {
		fc_face_record_release(out);
	}
	return status;
}

void fc_face_record_release(struct fc_face_record *face)
{
	free(face->origin);
	free(face->path);
	free(face->embedding);
	face->origin = NULL;
	face->path = NULL;
	face->embedding = NULL;
	face->dimension = 0;
}

void fc_record_copy_floats(float *out, const uint8_t *bytes, size_t count)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(out, bytes, count * sizeof(float));
#else
	struct fc_reader reader = fc_reader_of(bytes, count * sizeof(float));
	fc_reader_f32s(&reader, out, count);
#endif
}

/* ---- entries ---- */

enum {
	ENTRY_HAS_PID = 1 << 0,
	ENTRY_HAS_SIMILARITY = 1 << 1,
	ENTRY_HAS_MATCH = 1 << 2,
	ENTRY_HAS_AGE = 1 << 3,
};

static uint8_t entry_flags(const struct fc_entry *entry)
{
	return (uint8_t)((entry->has_pid ? ENTRY_HAS_PID : 0) |
			 (entry->has_similarity ? ENTRY_HAS_SIMILARITY : 0) |
			 (entry->has_match ? ENTRY_HAS_MATCH : 0) |
			 (entry->has_age ? ENTRY_HAS_AGE : 0));
}

void fc_record_put_entry(struct fc_buffer *out, const struct fc_entry *entry)
{
	static const struct fc_uuid nobody;
	put_time(out, entry->created);
	fc_buffer_put_u32(out, entry->space);
	fc_buffer_put_u8(out, (uint8_t)entry->result);
	fc_buffer_put_u8(out, entry_flags(entry));
	fc_record_put_pid(out, entry->has_pid ? &entry->pid : &nobody);
	fc_buffer_put_f32(out, entry->has_similarity ? entry->similarity : 0);
	fc_buffer_put_f32(out, entry->has_match ? entry->match : 0);
	fc_buffer_put_f32(out, entry->confidence);
	fc_buffer_put_f32s(out, entry->box, FC_ARRAY_LENGTH(entry->box));
	fc_buffer_put_u32(out, entry->face_pixels);
	fc_buffer_put_f32(out, entry->exposure);
	fc_buffer_put_f32(out, entry->sharpness);
	fc_buffer_put_f32(out, entry->pan);
	fc_buffer_put_f32(out, entry->tilt);
	fc_buffer_put_u8(out, entry->has_age ? entry->age : 0);
	fc_buffer_put_u8(out, (uint8_t)entry->sex);
	fc_buffer_put_u8(out, (uint8_t)entry->mood);
	fc_buffer_put_u8(out, (uint8_t)entry->liveness);
	put_sha256(out, &entry->photo);
	put_sha256(out, &entry->model);
	fc_buffer_put_text(out, entry->origin);
	fc_buffer_put_text(out, entry->path);
}

enum fc_status fc_record_get_entry(struct fc_reader *in, struct fc_entry *out)
{
	out->created = get_time(in);
	out->space = fc_reader_u32(in);
	uint8_t result = fc_reader_u8(in);
	uint8_t flags = fc_reader_u8(in);
	fc_reader_bytes(in, out->pid.bytes, sizeof(out->pid.bytes));
	out->similarity = fc_reader_f32(in);
	out->match = fc_reader_f32(in);
	out->confidence = fc_reader_f32(in);
	fc_reader_f32s(in, out->box, FC_ARRAY_LENGTH(out->box));
	out->face_pixels = fc_reader_u32(in);
	out->exposure = fc_reader_f32(in);
	out->sharpness = fc_reader_f32(in);
	out->pan = fc_reader_f32(in);
	out->tilt = fc_reader_f32(in);
	out->age = fc_reader_u8(in);
	uint8_t sex = fc_reader_u8(in);
	uint8_t mood = fc_reader_u8(in);
	uint8_t liveness = fc_reader_u8(in);
	get_sha256(in, &out->photo);
	get_sha256(in, &out->model);
	if (result < FC_RESULT_NM || result > FC_RESULT_NF || sex > FC_SEX_FEMALE ||
	    mood > FC_MOOD_SURPRISE || liveness > FC_LIVENESS_UNDETERMINED) {
		return FC_DAMAGED;
	}
	out->sex = (enum fc_sex)sex;
	out->mood = (enum fc_mood)mood;
	out->liveness = (enum fc_liveness)liveness;
	out->result = (enum fc_result)result;
	out->has_pid = flags & ENTRY_HAS_PID;
	out->has_similarity = flags & ENTRY_HAS_SIMILARITY;
	out->has_match = flags & ENTRY_HAS_MATCH;
	out->has_age = flags & ENTRY_HAS_AGE;
	enum fc_status status = get_text(in, FC_LABEL_MAXIMUM, &out->origin);
	if (status == FC_OK) {
		status = get_text(in, FC_PATH_TEXT_MAXIMUM, &out->path);
	}
	if (status != FC_OK) {
		fc_entry_release(out);
	}
	return status;
}

void fc_entry_release(struct fc_entry *entry)
{
	free(entry->origin);
	free(entry->path);
	entry->origin = NULL;
	entry->path = NULL;
}

/* ---- segment ---- */

void fc_record_put_segment(struct fc_buffer *out, const struct fc_segment *segment)
{
	fc_buffer_put_u64(out, segment->last);
	fc_buffer_put_u32(out, segment->count);
	fc_buffer_put_u32(out, segment->deleted);
	fc_buffer_put_u32(out, segment->dimension);
}

enum fc_status fc_record_get_segment(struct fc_reader *in, struct fc_segment *out)
{
	out->last = fc_reader_u64(in);
	out->count = fc_reader_u32(in);
	out->deleted = fc_reader_u32(in);
	out->dimension = fc_reader_u32(in);
	bool sound = out->last >= out->first && out->count >= 1 && out->count <= FC_SEGMENT_FACES &&
		     out->deleted < out->count && out->dimension >= 1 &&
		     out->dimension <= FC_DIMENSION_MAXIMUM;
	return in->failed || !sound ? FC_DAMAGED : FC_OK;
}
