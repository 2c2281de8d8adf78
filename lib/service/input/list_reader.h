/*
 * Records out of a descriptor, one at a time: lines, what stands between NUL bytes, or rows of CSV, whose quoted fields may hold line
 * feeds. However long the list is, and whatever stands in it, no more than a record's limit is held. Reading never waits where the
 * caller does not want to.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LIST_READER_H
#define FC_SERVICE_LIST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fc_list_kind { FC_LIST_LINES, FC_LIST_NUL, FC_LIST_CSV };

/* What is wrong with a record. */
enum fc_list_fault {
	FC_LIST_SOUND = 0,
	FC_LIST_TOO_LONG, /* over the limit: it has no text */
	FC_LIST_UNCLOSED, /* a quote is never closed: the text is the first line, and the next record begins behind it */
};

struct fc_list_record {
	char *text; /* a NUL is behind; without its line end; the caller may change it. Valid until the reader is used again */
	size_t length;
	uint64_t line; /* where it begins, from 1; the record's number with FC_LIST_NUL */
	enum fc_list_fault fault;
};

struct fc_list_reader;

/* fd is taken over in every case. limit: bytes of a record. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_list_open(int fd, enum fc_list_kind kind, size_t limit,
					struct fc_list_reader **out, struct fc_error *err);
void fc_list_close(struct fc_list_reader *list);
FC_DEFINE_CLEANUP(struct fc_list_reader *, fc_list_close);

/* Read on as another kind, from the next record. */
void fc_list_continue_as(struct fc_list_reader *list, enum fc_list_kind kind);

/*
 * Whether fc_list_next would answer at once. Waits for bytes up to wait_ms, and less when a signal comes. Reads what is there, so that
 * asking again gets further.
 */
bool fc_list_ready(struct fc_list_reader *list, int wait_ms);

/*
 * The next record, or *end = true. Waits for bytes. Errors: FC_IO, FC_UNREADABLE (the list is compressed; the text says what to do),
 * FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_list_next(struct fc_list_reader *list, struct fc_list_record *out,
					bool *end, struct fc_error *err);

/* Bytes of the records handed out. */
uint64_t fc_list_offset(const struct fc_list_reader *list);

#endif
