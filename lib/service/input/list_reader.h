/*
 * Read records from a descriptor one at a time: lines, NUL-terminated strings, rows of CSV, whose quoted fields may contain line
 * ends, or elements of a JSON array. Lines end in LF, CR LF or CR; the first one decides. A byte order mark is removed, and UTF-16 that
 * begins with one is converted to UTF-8. Memory use is bounded by the maximum length of a record. fc_list_ready reads without blocking.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_LIST_READER_H
#define FC_SERVICE_INPUT_LIST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fc_list_kind {
	FC_LIST_LINES,
	FC_LIST_NUL,
	FC_LIST_CSV,
	FC_LIST_ARRAY,
	FC_LIST_TABLE, /* an array if the first character is a bracket, else lines */
};

/* Why a record is invalid. */
enum fc_list_fault {
	FC_LIST_SOUND = 0,
	FC_LIST_TOO_LONG, /* longer than the limit; the text is empty */
	/* A quote is not closed: the text is the first line, and the next record begins after it. Or the bracket of an array is not closed. */
	FC_LIST_UNCLOSED,
};

struct fc_list_record {
	char *text; /* NUL-terminated, without line end; the caller may change it; valid until the next call */
	size_t length;
	/* number of its first line, from 1; with FC_LIST_NUL the number of the record */
	uint64_t line;
	enum fc_list_fault fault;
};

struct fc_list_reader;

/* Takes ownership of fd, also on errors. limit: maximum length of a record in bytes. Errors: FC_NO_MEMORY. */
enum fc_status fc_list_open(int fd, enum fc_list_kind kind, size_t limit,
			    struct fc_list_reader **out, struct fc_error *err);
void fc_list_close(struct fc_list_reader *list);
FC_DEFINE_CLEANUP(struct fc_list_reader *, fc_list_close);

/* Read the following records as another kind; separator: of the fields of CSV. */
void fc_list_continue_as(struct fc_list_reader *list, enum fc_list_kind kind, char separator);

/* Whether the list is a JSON array. Known after the first record. */
bool fc_list_is_array(const struct fc_list_reader *list);

/*
 * Whether fc_list_next would return without blocking. Waits for input for up to wait_ms, or until a signal arrives. Reads what is
 * available, so that repeated calls make progress.
 */
bool fc_list_ready(struct fc_list_reader *list, int wait_ms);

/*
 * Read the next record, or set *end. Waits for input. Errors: FC_IO, FC_UNREADABLE (the list is compressed; the message says what to do),
 * FC_NO_MEMORY.
 */
enum fc_status fc_list_next(struct fc_list_reader *list, struct fc_list_record *out, bool *end,
			    struct fc_error *err);

/* Number of bytes in the records returned so far. */
uint64_t fc_list_offset(const struct fc_list_reader *list);

#endif
