/*
 * The bytes of the gallery's records. Pure: nothing here knows where they are stored.
 *
 * A record is a header and a payload. Header: CRC-32C (u32) of everything else, that is of the key, the rest of the header
 * and the payload; layout version (u8); database (u8). Numbers are little-endian, texts a u32 length and bytes.
 *
 * How records may change:
 * - A field may be appended to a payload. Who reads ignores bytes behind the fields it knows and takes a field that is not
 *   there as empty or zero. Because an older facectl would lose such a field when it rewrites the record, the gallery's
 *   write format is raised with it: older ones then read the gallery and do not change it.
 * - Any other change raises the record's layout version and the gallery's read format: older ones refuse the gallery.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_RECORD_H
#define FC_GALLERY_RECORD_H

#include "base/buffer.h"
#include "base/error.h"
#include "gallery/gallery.h"
#include "gallery/rows/origin.h"
#include "gallery/store/keys.h"

/* Values are stored in every record's header; never renumber. */
enum fc_database {
	FC_DB_META = 1,          /* "format", "pin", "sequence" */
	FC_DB_SPACE = 2,         /* space -> space */
	FC_DB_SPACE_NAME = 3,    /* name -> space's id */
	FC_DB_PERSON = 4,        /* pid -> person */
	FC_DB_PERSON_SPACE = 5,  /* space, pid -> nothing */
	FC_DB_PERSON_NUMBER = 6, /* space, number -> pid */
	FC_DB_FACE = 7,          /* space, face -> face */
	FC_DB_FACE_PERSON = 8,   /* pid, face -> nothing */
	FC_DB_FACE_PHOTO = 9,    /* photo, index, space -> face's id */
	FC_DB_ENTRY = 10,        /* entry -> entry */
	FC_DB_ENTRY_PERSON = 11, /* pid, time, entry -> nothing */
	FC_DB_ENTRY_TIME = 12,   /* space, time, entry -> nothing */
	FC_DB_ENTRY_ORIGIN = 13, /* space, origin, time, entry -> nothing */
	FC_DB_ENTRY_DAY = 14,    /* space, origin or nothing, day -> how many entries */
	FC_DB_ORIGIN = 15,       /* origin -> origin */
	FC_DB_ORIGIN_NAME = 16,  /* name -> origin's id */
	FC_DB_CROP = 17,         /* space, face -> PNG */
	FC_DB_SEGMENT = 18,      /* space, first face -> segment */
	FC_DB_CODES = 19, /* space, first face -> the segment's codes, in the layout of segment.h */
	FC_DB_PERSON_NAME = 20,      /* space, name, pid -> nothing */
	FC_DB_LEDGER_TASK = 21,      /* target -> task */
	FC_DB_LEDGER_ITEM = 22,      /* target, size, SHA-256, whom -> item */
	FC_DB_LEDGER_PATH = 23,      /* target, path's hash -> path */
	FC_DB_LEDGER_ITEM_PATH = 24, /* target, size, SHA-256, whom, path's hash -> nothing */
	FC_DB_LEDGER_SUBJECT = 25,   /* pid, face or 0, target, size, SHA-256, whom -> nothing */
	FC_DB_CALIBRATION = 26,      /* space -> calibration */
	FC_DB_END,
};

/* The database's name in the file. */
const char *fc_database_name(enum fc_database database);

enum {
	FC_RECORD_VERSION = 1,
	FC_RECORD_HEADER_SIZE = 6,
	FC_RECORD_MAXIMUM =
		65536, /* bytes, header included; every record but codes is well below */
	FC_CODES_MAXIMUM = 8 << 20, /* bytes of a record of FC_DB_CODES */
};

/* Write the header for this key and payload. */
void fc_record_seal(enum fc_database database, const struct fc_key *key, const void *payload,
		    size_t length, uint8_t header[FC_RECORD_HEADER_SIZE]);

/*
 * Check a record and borrow its payload. FC_DAMAGED: too short, another database's, or the CRC does not fit.
 * FC_INCOMPATIBLE: sound, of a layout that this facectl does not know.
 */
FC_MUST_USE enum fc_status fc_record_open(enum fc_database database, const struct fc_key *key,
					  const void *record, size_t length,
					  struct fc_reader *payload);

/*
 * As fc_record_open without the CRC, for records too large to be read whole at every use. fc_record_open looks at the CRC of
 * these too.
 */
FC_MUST_USE enum fc_status fc_record_peek(enum fc_database database, const void *record,
					  size_t length, struct fc_reader *payload);

/* ---- payloads; what the key says is not repeated in them ---- */

/* Oldest facectl, by its format number, that may read and that may change a gallery. */
struct fc_format {
	uint32_t read, write;
	struct fc_uuid gallery;
	int64_t created;
};

/* The ids that come next. They are never given out twice. */
struct fc_sequence {
	uint32_t space;
	uint64_t face, entry;
	uint32_t origin;
};

/* Faces packed together for search; segments.h says how they come and go. */
struct fc_segment {
	uint64_t first, last; /* ids of faces; the first is in the key */
	uint32_t count;       /* faces when it was made */
	uint32_t deleted;     /* those of them that are gone */
	uint32_t dimension;
};

enum { FC_SEGMENT_FACES = 4096 };

void fc_record_put_format(struct fc_buffer *out, const struct fc_format *format);
void fc_record_put_sequence(struct fc_buffer *out, const struct fc_sequence *sequence);
void fc_record_put_pin(struct fc_buffer *out, const struct fc_embedder_pin *pin);
void fc_record_put_space(struct fc_buffer *out, const struct fc_space *space);
void fc_record_put_person(struct fc_buffer *out, const struct fc_person *person);
void fc_record_put_face(struct fc_buffer *out, const struct fc_face_record *face);
void fc_record_put_origin(struct fc_buffer *out, const struct fc_origin *origin);
void fc_record_put_entry(struct fc_buffer *out, const struct fc_entry *entry);
void fc_record_put_segment(struct fc_buffer *out, const struct fc_segment *segment);
void fc_record_put_pid(struct fc_buffer *out, const struct fc_uuid *pid);

/*
 * The inverses. Fields that the key holds are left as they are. FC_DAMAGED when the bytes make no such record (nothing is
 * left allocated then), FC_NO_MEMORY. *out is the caller's, and empty before.
 */
FC_MUST_USE enum fc_status fc_record_get_format(struct fc_reader *in, struct fc_format *out);
FC_MUST_USE enum fc_status fc_record_get_sequence(struct fc_reader *in, struct fc_sequence *out);
FC_MUST_USE enum fc_status fc_record_get_pin(struct fc_reader *in, struct fc_embedder_pin *out);
FC_MUST_USE enum fc_status fc_record_get_space(struct fc_reader *in, struct fc_space *out);
FC_MUST_USE enum fc_status fc_record_get_person(struct fc_reader *in, struct fc_person *out);
FC_MUST_USE enum fc_status fc_record_get_face(struct fc_reader *in, struct fc_face_record *out);
FC_MUST_USE enum fc_status fc_record_get_origin(struct fc_reader *in, struct fc_origin *out);
FC_MUST_USE enum fc_status fc_record_get_entry(struct fc_reader *in, struct fc_entry *out);
FC_MUST_USE enum fc_status fc_record_get_segment(struct fc_reader *in, struct fc_segment *out);
FC_MUST_USE enum fc_status fc_record_get_pid(struct fc_reader *in, struct fc_uuid *out);

/* The part of a face that search needs, borrowed from the record. */
struct fc_face_template {
	struct fc_uuid pid;
	uint32_t dimension;       /* 0: the face has none */
	const uint8_t *embedding; /* little-endian floats, not aligned */
};

FC_MUST_USE enum fc_status fc_record_get_template(struct fc_reader *in,
						  struct fc_face_template *out);

/* Floats as they lie in a record into memory. */
void fc_record_copy_floats(float *out, const uint8_t *bytes, size_t count);

#endif
