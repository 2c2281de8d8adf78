/* Read records of a list, one at a time. */
/* SPDX-License-Identifier: MIT */
#include "service/input/list_reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "service/input/utf16.h"

enum { CHUNK = 1 << 16, UTF16_CHUNK = 1 << 14 };

enum csv_place { FIELD_BEGINS = 0, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

struct fc_list_reader {
	int fd;
	enum fc_list_kind kind;
	size_t limit;
	char *bytes;       /* room for the limit, CHUNK and a NUL */
	size_t start, end; /* the bytes that were read but not yet returned */
	size_t scanned; /* bytes after start that were searched: they contain no end of a record */
	enum csv_place place; /* state of the scan in a row of CSV */
	char separator;       /* of CSV */
	char newline; /* the end of a line, LF or CR; NUL until known. CR LF is LF with a CR that is removed. */
	bool begun;            /* the first bytes were read, which may be a byte order mark */
	struct fc_utf16 utf16; /* decoder, if the list is UTF-16 */
	struct array_scan {
		size_t depth;
		bool in_text, escaped;
		bool opened, closed; /* the brackets of the whole array */
	} array;
	bool swallowed; /* unbalanced quote: the opening quote of a later line was read as the closing one */
	bool dropping; /* the rest of a record that is too long is being skipped */
	bool ended;
	int failure;             /* errno of a failed read */
	const char *compression; /* the program that unpacks it; NULL: not compressed */
	uint64_t line;           /* number of the line where the next record begins */
	uint64_t offset;         /* position of start in the list, in bytes */
};

/* Length of a record that was found, without and with its line end. */
struct extent {
	size_t length, with_end;
	enum fc_list_fault fault;
};

void fc_list_close(struct fc_list_reader *list)
{
	if (list) {
		fc_fd_close(&list->fd);
		free(list->bytes);
		free(list);
	}
}

enum fc_status fc_list_open(int fd, enum fc_list_kind kind, size_t limit,
			    struct fc_list_reader **out, struct fc_error *err)
{
	struct fc_list_reader *list = calloc(1, sizeof(*list));
	char *bytes = malloc(limit + CHUNK + 1);
	if (!list || !bytes) {
		fc_fd_close(&fd);
		free(list);
		free(bytes);
		return fc_fail_memory(err);
	}
	*list = (struct fc_list_reader){
		.fd = fd, .kind = kind, .limit = limit, .bytes = bytes, .line = 1
	};
	*out = list;
	return FC_OK;
}

void fc_list_continue_as(struct fc_list_reader *list, enum fc_list_kind kind, char separator)
{
	list->kind = kind;
	list->separator = separator;
	list->scanned = 0;
	list->place = FIELD_BEGINS;
}

uint64_t fc_list_offset(const struct fc_list_reader *list)
{
	return list->utf16.is_used ? list->utf16.read : list->offset;
}

bool fc_list_is_array(const struct fc_list_reader *list)
{
	return list->kind == FC_LIST_ARRAY;
}

/* ---- find the end of a record ---- */

/*
 * RFC 4180: a quote opens a quoted field only at the beginning of the field. Two quotes inside it are an escaped quote, which needs no
 * state of its own: closing and reopening the field has the same effect.
 */
static enum csv_place pass(enum csv_place place, char byte, char separator)
{
	if (place == IN_QUOTES) {
		return byte == '"' ? AFTER_QUOTE : IN_QUOTES;
	}
	if (byte == '"') {
		return place == IN_PLAIN ? IN_PLAIN : IN_QUOTES;
	}
	return byte == separator ? FIELD_BEGINS : IN_PLAIN;
}

/* The first line end decides which one the list has. A CR at the end of the bytes read so far may be the first half of a CR LF. */
static void find_newline(struct fc_list_reader *list, const char *text, size_t have)
{
	for (; list->newline == '\0' && list->scanned < have; list->scanned++) {
		char byte = text[list->scanned];
		bool is_last = list->scanned + 1 == have;
		if (byte == '\r' && is_last && !list->ended) {
			return;
		}
		if (byte == '\n' || byte == '\r') {
			bool is_lf = byte == '\n' || (!is_last && text[list->scanned + 1] == '\n');
			list->newline = is_lf ? '\n' : '\r';
			return;
		}
	}
}

/* Continue to search for the end of an element: a comma or a bracket outside of texts and inner values. */
static bool scan_array(struct fc_list_reader *list, size_t *length)
{
	struct array_scan *array = &list->array;
	const char *text = list->bytes + list->start;
	for (size_t have = list->end - list->start; list->scanned < have; list->scanned++) {
		char byte = text[list->scanned];
		if (array->in_text) {
			array->in_text = array->escaped || byte != '"';
			array->escaped = !array->escaped && byte == '\\';
		} else if (array->depth == 0 && (byte == ',' || byte == ']')) {
			array->closed = byte == ']';
			*length = list->scanned;
			return true;
		} else if (byte == '"') {
			array->in_text = true;
		} else if (byte == '{' || byte == '[') {
			array->depth++;
		} else if ((byte == '}' || byte == ']') && array->depth > 0) {
			array->depth--;
		}
	}
	*length = list->scanned;
	return false;
}

/* Skip the spaces and the bracket or comma before an element. */
static void skip_to_element(struct fc_list_reader *list)
{
	for (; list->scanned == 0 && list->start < list->end; list->start++, list->offset++) {
		char byte = list->bytes[list->start];
		bool opens = byte == '[' && !list->array.opened;
		if (byte == ']') {
			list->array.closed = true;
		} else if (!opens && !strchr(" \t\r\n,", byte)) {
			return;
		}
		list->array.opened = list->array.opened || opens;
		list->line += byte == '\n';
	}
}

/* Continue to search for the end of the record. */
static bool scan(struct fc_list_reader *list, size_t *length)
{
	const char *text = list->bytes + list->start;
	size_t have = list->end - list->start;
	if (list->kind == FC_LIST_ARRAY) {
		return scan_array(list, length);
	}
	if (list->kind != FC_LIST_NUL) {
		find_newline(list, text, have);
	}
	if (list->kind != FC_LIST_NUL && list->newline == '\0') {
		return false;
	}
	if (list->kind != FC_LIST_CSV || list->dropping) {
		char end = list->kind == FC_LIST_NUL ? '\0' : list->newline;
		const char *found = memchr(text + list->scanned, end, have - list->scanned);
		list->scanned = found ? (size_t)(found - text) : have;
		*length = list->scanned;
		return found != NULL;
	}
	for (; list->scanned < have; list->scanned++) {
		char byte = text[list->scanned];
		if (byte == list->newline && list->place != IN_QUOTES) {
			*length = list->scanned;
			return true;
		}
		bool closes = byte == '"' || byte == list->separator || byte == '\r';
		if (list->place == AFTER_QUOTE && !closes &&
		    memchr(text, list->newline, list->scanned)) {
			list->swallowed = true;
			return false;
		}
		list->place = pass(list->place, byte, list->separator);
	}
	return false;
}

/* Find the next record in the bytes read so far. Calling it again gives the same result. */
static bool find_record(struct fc_list_reader *list, struct extent *out)
{
	size_t length = 0;
	if (!list->begun && !list->ended) {
		return false;
	}
	if (list->kind == FC_LIST_TABLE) {
		size_t at = list->start;
		while (at < list->end && strchr(" \t\r\n", list->bytes[at])) {
			at++;
		}
		if (at == list->end && !list->ended) {
			return false;
		}
		bool is_array = at < list->end && list->bytes[at] == '[';
		list->kind = is_array ? FC_LIST_ARRAY : FC_LIST_LINES;
	}
	if (list->kind == FC_LIST_ARRAY && !list->dropping) {
		skip_to_element(list);
	}
	if (list->dropping) {
		bool found = scan(list, &length);
		list->offset += length;
		list->start += length;
		list->scanned = 0;
		*out = (struct extent){ 0, found ? 1 : 0, FC_LIST_TOO_LONG };
		return found || list->ended;
	}
	if (scan(list, &length) && length <= list->limit) {
		*out = (struct extent){ length, length + 1, FC_LIST_SOUND };
		return true;
	}
	size_t have = list->end - list->start;
	bool endless = list->place == IN_QUOTES && (have > list->limit || list->ended);
	/* The end of the record is missing because a quote is not closed: return its first line as the record. */
	const char *text = list->bytes + list->start;
	const char *line_end =
		endless || list->swallowed ? memchr(text, list->newline, have) : NULL;
	if (line_end) {
		length = (size_t)(line_end - text);
		*out = (struct extent){ length, length + 1, FC_LIST_UNCLOSED };
		return true;
	}
	if (have > list->limit) {
		list->dropping = true;
		list->scanned = 0;
		list->place = FIELD_BEGINS;
		list->array = (struct array_scan){ .opened = list->array.opened };
		return find_record(list, out);
	}
	if (list->kind == FC_LIST_ARRAY && list->ended && have == 0 && !list->array.closed) {
		list->array.closed = true;
		*out = (struct extent){ 0, 0, FC_LIST_UNCLOSED };
		return true;
	}
	if (list->ended && have > 0) {
		*out = (struct extent){ have, have,
					list->place == IN_QUOTES ? FC_LIST_UNCLOSED
								 : FC_LIST_SOUND };
		return true;
	}
	return false;
}

/* ---- bytes ---- */

/* Recognise compressed files by their first bytes; no valid list begins with these. */
static const char *find_compression(const char *bytes, size_t length)
{
	static const struct {
		const char *program;
		size_t length;
		const char *signature;
	} kinds[] = {
		{ "gzip", 3, "\x1f\x8b\x08" },
		{ "xz", 6,
		  "\xfd"
		  "7zXZ\0" },
		{ "zstd", 4, "\x28\xb5\x2f\xfd" },
		{ "bzip2", 4, "BZh9" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		if (length >= kinds[i].length &&
		    memcmp(bytes, kinds[i].signature, kinds[i].length) == 0) {
			return kinds[i].program;
		}
	}
	return NULL;
}

/* Look for a byte order mark. Returns false if more bytes are needed. */
static bool begin(struct fc_list_reader *list)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };
	const char *bytes = list->bytes;
	if (list->kind == FC_LIST_NUL) {
		return true;
	}
	bool is_little = bytes[0] == '\xff', is_big = bytes[0] == '\xfe';
	if (is_little || is_big) {
		if (list->end < 2) {
			return false;
		}
		if (bytes[1] == (is_little ? '\xfe' : '\xff')) {
			uint8_t units[UTF16_CHUNK];
			size_t count = list->end - 2;
			memcpy(units, bytes + 2, count);
			list->utf16 =
				(struct fc_utf16){ .is_used = true, .is_big = is_big, .read = 2 };
			list->end = fc_utf16_decode(&list->utf16, units, count, list->bytes);
		}
	} else if (bytes[0] == mark[0] && list->end < sizeof(mark)) {
		return false;
	} else if (list->end >= sizeof(mark) && memcmp(bytes, mark, sizeof(mark)) == 0) {
		list->start = sizeof(mark);
		list->offset = sizeof(mark);
	}
	return true;
}

static void read_more(struct fc_list_reader *list)
{
	if (list->start > 0) {
		memmove(list->bytes, list->bytes + list->start, list->end - list->start);
		list->end -= list->start;
		list->start = 0;
	}
	size_t room = list->limit + CHUNK - list->end;
	char *to = list->bytes + list->end;
	uint8_t units[UTF16_CHUNK];
	bool is_utf16 = list->utf16.is_used;
	ssize_t got =
		is_utf16 ? read(list->fd, units, room / 2 < UTF16_CHUNK ? room / 2 : UTF16_CHUNK)
			 : read(list->fd, to, list->begun ? room : UTF16_CHUNK);
	if (got > 0 && is_utf16) {
		list->end += fc_utf16_decode(&list->utf16, units, (size_t)got, to);
	} else if (got > 0) {
		list->end += (size_t)got;
		list->begun = list->begun || begin(list);
		if (list->offset == 0) {
			list->compression = find_compression(list->bytes, list->end);
			list->ended = list->compression != NULL;
		}
	} else if (got == 0 || !fc_fd_retry(list->fd, POLLIN)) {
		list->ended = true;
		list->failure = got < 0 ? errno : 0;
	}
}

bool fc_list_ready(struct fc_list_reader *list, int wait_ms)
{
	struct extent record;
	while (!find_record(list, &record) && !list->ended) {
		struct pollfd waited = { .fd = list->fd, .events = POLLIN };
		int ready = poll(&waited, 1, wait_ms);
		if (ready == 0 || (ready < 0 && errno == EINTR)) {
			return false;
		}
		if (ready < 0) {
			list->ended = true;
			list->failure = errno;
			return true;
		}
		read_more(list);
		wait_ms = 0;
	}
	return true;
}

enum fc_status fc_list_next(struct fc_list_reader *list, struct fc_list_record *out, bool *end,
			    struct fc_error *err)
{
	struct extent record;
	while (list->compression || !find_record(list, &record)) {
		if (list->compression) {
			return fc_fail(
				err, FC_UNREADABLE,
				"the input is compressed; pass the output of '%s -dc' instead",
				list->compression);
		}
		if (list->ended && list->failure != 0) {
			return fc_fail_errno(err, FC_IO, list->failure, "cannot read");
		}
		if (list->ended) {
			*end = true;
			return FC_OK;
		}
		read_more(list);
	}
	char *text = list->bytes + list->start;
	text[record.length] = '\0';
	bool is_text = list->kind == FC_LIST_LINES || list->kind == FC_LIST_CSV;
	if (is_text && record.length > 0 && text[record.length - 1] == '\r') {
		text[--record.length] = '\0';
	}
	*out = (struct fc_list_record){ text, record.length, list->line, record.fault };
	list->line += list->kind != FC_LIST_ARRAY;
	/* A row of CSV or an element of an array may span several lines. */
	char newline = list->kind == FC_LIST_CSV     ? list->newline
		       : list->kind == FC_LIST_ARRAY ? '\n'
						     : '\0';
	for (size_t i = 0; newline != '\0' && i < record.length; i++) {
		list->line += text[i] == newline;
	}
	list->start += record.with_end;
	list->offset += record.with_end;
	list->scanned = 0;
	list->place = FIELD_BEGINS;
	list->swallowed = false;
	list->dropping = false;
	*end = false;
	return FC_OK;
}
