/*
 * Read records from a descriptor one at a time: lines, NUL-terminated strings, or rows of CSV, whose quoted fields may contain line
 * feeds. Memory is bounded by the limit of one record, whatever the list contains. fc_list_ready reads without blocking.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LIST_READER_H
#define FC_SERVICE_LIST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fc_list_kind { FC_LIST_LINES, FC_LIST_NUL, FC_LIST_CSV };

/* A fault of a record. */
enum fc_list_fault {
	FC_LIST_SOUND = 0,
	FC_LIST_TOO_LONG, /* over the limit; the text is empty */
	FC_LIST_UNCLOSED, /* a quote is not closed; the text is the first line, and the next record begins after it */
};

struct fc_list_record {
	char *text; /* NUL-terminated, without line end; the caller may change it; valid until the next call */
	size_t length;
	uint64_t line; /* where it begins, from 1; with FC_LIST_NUL the number of the record */
	enum fc_list_fault fault;
};

struct fc_list_reader;

/* fd is taken over in every case. limit: bytes of a record. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_list_open(int fd, enum fc_list_kind kind, size_t limit,
					struct fc_list_reader **out, struct fc_error *err);
void fc_list_close(struct fc_list_reader *list);
FC_DEFINE_CLEANUP(struct fc_list_reader *, fc_list_close);

/* Change the kind, from the next record on. */
void fc_list_continue_as(struct fc_list_reader *list, enum fc_list_kind kind);

/*
 * Whether fc_list_next would return without blocking. Waits for bytes up to wait_ms, less when a signal arrives. Reads what is
 * available, so that repeated calls make progress.
 */
bool fc_list_ready(struct fc_list_reader *list, int wait_ms);

/*
 * The next record, or *end = true. Waits for bytes. Errors: FC_IO, FC_UNREADABLE (the list is compressed; the text says what to do),
 * FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_list_next(struct fc_list_reader *list, struct fc_list_record *out,
					bool *end, struct fc_error *err);

/* Bytes of the records returned so far. */
uint64_t fc_list_offset(const struct fc_list_reader *list);

#endif
