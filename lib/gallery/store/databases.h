/* The databases of a gallery, which are LMDB's named databases in its data file. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_DATABASES_H
#define FC_GALLERY_STORE_DATABASES_H

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
	FC_DB_FACE_PHOTO = 9,    /* photo, index, space, face -> nothing */
	FC_DB_ENTRY = 10,        /* entry -> entry */
	FC_DB_ENTRY_PERSON = 11, /* pid, time, entry -> nothing */
	FC_DB_ENTRY_TIME = 12,   /* space, time, entry -> nothing */
	FC_DB_ENTRY_ORIGIN = 13, /* space, origin, time, entry -> nothing */
	FC_DB_ENTRY_DAY = 14,    /* space, origin or "", day -> number of entries */
	FC_DB_ORIGIN = 15,       /* origin -> origin */
	FC_DB_ORIGIN_NAME = 16,  /* name -> origin's id */
	FC_DB_CROP = 17,         /* space, face -> PNG */
	FC_DB_SEGMENT = 18,      /* space, first mean -> segment */
	FC_DB_CODES = 19, /* space, first mean -> packed codes of the segment (search/segment.h) */
	FC_DB_PERSON_NAME = 20,      /* space, name, pid -> nothing */
	FC_DB_LEDGER_TASK = 21,      /* target -> task */
	FC_DB_LEDGER_ITEM = 22,      /* target, size, SHA-256, person -> item */
	FC_DB_LEDGER_PATH = 23,      /* target, path's hash -> path */
	FC_DB_LEDGER_ITEM_PATH = 24, /* target, size, SHA-256, person, path's hash -> nothing */
	FC_DB_LEDGER_SUBJECT = 25,   /* pid, face or 0, target, size, SHA-256, person -> nothing */
	FC_DB_CALIBRATION = 26,      /* space -> calibration */
	FC_DB_MEAN = 27,             /* space, mean -> a person's mean (rows/mean.h) */
	FC_DB_CONTAINER = 28,        /* space -> container (rows/container.h) */
	FC_DB_FACE_UUID = 29,        /* UUID, space, face -> nothing */
	FC_DB_DETECTED = 30,         /* faceId -> detected face */
	FC_DB_DETECTED_TIME = 31,    /* expiry, faceId -> nothing */
	FC_DB_SNAPSHOT = 32,         /* snapshot -> snapshot */
	FC_DB_SNAPSHOT_PART =
		33, /* snapshot, nil -> container; snapshot, pid -> person; snapshot, pid, face -> face */
	FC_DB_SNAPSHOT_JOB = 34, /* operation -> operation on a snapshot */
	FC_DB_END,
};

/* Kinds of records with an id that is never used twice. */
enum fc_id_kind { FC_ID_SPACE, FC_ID_FACE, FC_ID_ENTRY, FC_ID_ORIGIN, FC_ID_MEAN, FC_ID_KINDS };

/* The database's name in the file. */
const char *fc_database_name(enum fc_database database);

#endif
