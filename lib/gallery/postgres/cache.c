/* A copy of the means of one space on this machine. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/search/segment.h"

enum { HEAD, RECORDS, CODES, REMOVED };

static const char *const names[] = { "head", "records", "codes", "removed" };
static const uint64_t magic = UINT64_C(0x31736e61656d6366); /* "fcmeans1" */

/* A record before its vector. */
struct record {
	uint64_t id;
	struct fc_uuid pid;
	uint32_t templates, check; /* check: CRC-32C of the vector */
};

struct stored_head {
	uint64_t magic;
	struct fc_pg_cache_head head;
	uint32_t check, unused;
};

static size_t record_length(const struct fc_pg_cache *cache)
{
	return (sizeof(struct record) + cache->head.dimension * sizeof(float) + 7) / 8 * 8;
}

static struct fc_segment segment_of(const struct fc_pg_cache *cache)
{
	return (struct fc_segment){ .count = FC_SEGMENT_MEANS, .dimension = cache->head.dimension };
}

/* A segment in the file: its check (u32), and its payload, which begins so that the codes are aligned. */
enum { PAYLOAD_AT = 16 + FC_RECORD_HEADER_SIZE };

static size_t codes_length(const struct fc_pg_cache *cache)
{
	const struct fc_segment segment = segment_of(cache);
	return (PAYLOAD_AT + fc_segment_length(&segment) + 4095) / 4096 * 4096;
}

static enum fc_status fail(const char *what, struct fc_error *err)
{
	return fc_fail_errno(err, FC_IO, errno, "cannot %s the copy of templates", what);
}

/* ---- opening ---- */

static enum fc_status make_folder(int parent, const char *name, int *out, struct fc_error *err)
{
	struct stat info;
	if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST) {
		return fail("create", err);
	}
	*out = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*out < 0 || fstat(*out, &info) != 0) {
		return fail("open", err);
	}
	return info.st_uid == geteuid() && (info.st_mode & 077) == 0
		       ? FC_OK
		       : fc_fail(err, FC_PERMISSION,
				 "the folder '%s' of copies of templates must belong to you, and "
				 "others must have no access",
				 name);
}

/* Create the folders of a path that are missing, and open the last one. */
static enum fc_status open_folder(const char *path, int *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *copy = strdup(path);
	if (!copy) {
		return fc_fail_memory(err);
	}
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		FC_IGNORE(mkdir(copy, 0700));
		*slash = '/';
	}
	return make_folder(AT_FDCWD, copy, out, err);
}

static bool read_head(struct fc_pg_cache *cache, const struct fc_pg_cache_head *expected)
{
	struct stored_head stored;
	struct stat sizes[4];
	if (pread(cache->files[HEAD], &stored, sizeof(stored), 0) != sizeof(stored) ||
	    stored.magic != magic ||
	    stored.check != fc_crc32c(0, &stored.head, sizeof(stored.head)) ||
	    !fc_uuid_equal(&stored.head.gallery, &expected->gallery) ||
	    stored.head.space != expected->space || stored.head.dimension != expected->dimension) {
		return false;
	}
	cache->head = stored.head;
	for (int i = RECORDS; i <= REMOVED; i++) {
		if (fstat(cache->files[i], &sizes[i]) != 0) {
			return false;
		}
	}
	return (uint64_t)sizes[RECORDS].st_size / record_length(cache) >= cache->head.records &&
	       (uint64_t)sizes[CODES].st_size / codes_length(cache) >=
		       cache->head.records / FC_SEGMENT_MEANS &&
	       (uint64_t)sizes[REMOVED].st_size / sizeof(struct fc_pg_removal) >=
		       cache->head.removals;
}

static enum fc_status open_files(struct fc_pg_cache *cache, const char *path,
				 const struct fc_pg_cache_head *head, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int top = -1;
	FC_CLEANUP(fc_fd_close) int gallery = -1;
	char name[FC_UUID_TEXT_SIZE];
	FC_TRY(open_folder(path, &top, err));
	fc_uuid_format(&head->gallery, name);
	FC_TRY(make_folder(top, name, &gallery, err));
	snprintf(name, sizeof(name), "%u", head->space);
	FC_TRY(make_folder(gallery, name, &cache->folder, err));
	for (int i = HEAD; i <= REMOVED; i++) {
		cache->files[i] = openat(cache->folder, names[i],
					 O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (cache->files[i] < 0) {
			return fail("open", err);
		}
	}
	return FC_OK;
}

enum fc_status fc_pg_cache_open(const char *folder, const struct fc_uuid *gallery, uint32_t space,
				uint32_t dimension, bool exclusive, struct fc_pg_cache *out,
				struct fc_error *err)
{
	struct fc_pg_cache cache = FC_PG_CACHE_CLOSED;
	const struct fc_pg_cache_head empty = { .gallery = *gallery,
						.space = space,
						.dimension = dimension };
	enum fc_status status = open_files(&cache, folder, &empty, err);
	while (status == FC_OK && flock(cache.files[HEAD], exclusive ? LOCK_EX : LOCK_SH) != 0) {
		status = errno == EINTR ? FC_OK : fail("lock", err);
	}
	if (status == FC_OK && !read_head(&cache, &empty)) {
		cache.head = empty;
		status = exclusive ? fc_pg_cache_reset(&cache, err) : FC_OK;
	}
	if (status != FC_OK) {
		fc_pg_cache_close(&cache);
		return status;
	}
	*out = cache;
	return FC_OK;
}

void fc_pg_cache_close(struct fc_pg_cache *cache)
{
	if (cache->records) {
		munmap(cache->records, cache->records_length);
	}
	if (cache->codes) {
		munmap(cache->codes, cache->codes_length);
	}
	free(cache->removals);
	for (int i = HEAD; i <= REMOVED; i++) {
		fc_fd_close(&cache->files[i]);
	}
	fc_fd_close(&cache->folder);
	*cache = (struct fc_pg_cache)FC_PG_CACHE_CLOSED;
}

/* ---- changes ---- */

static enum fc_status write_at(const struct fc_pg_cache *cache, int file, const void *bytes,
			       size_t length, uint64_t offset, struct fc_error *err)
{
	for (size_t done = 0; done < length;) {
		ssize_t count = pwrite(cache->files[file], (const uint8_t *)bytes + done,
				       length - done, (off_t)(offset + done));
		if (count <= 0 && errno != EINTR) {
			return fail("write", err);
		}
		done += count > 0 ? (size_t)count : 0;
	}
	return FC_OK;
}

enum fc_status fc_pg_cache_reset(struct fc_pg_cache *cache, struct fc_error *err)
{
	cache->head.records = cache->head.removals = 0;
	cache->head.last = cache->head.change = 0;
	for (int i = HEAD; i <= REMOVED; i++) {
		if (ftruncate(cache->files[i], 0) != 0) {
			return fail("empty", err);
		}
	}
	return FC_OK;
}

/* Pack the last FC_SEGMENT_MEANS records. */
static enum fc_status add_segment(struct fc_pg_cache *cache, struct fc_error *err)
{
	FC_CLEANUP(fc_segment_builder_release) struct fc_segment_builder builder = { 0 };
	FC_CLEANUP(fc_free) uint8_t *records = NULL;
	struct fc_segment segment = segment_of(cache);
	size_t length = record_length(cache), bytes = FC_SEGMENT_MEANS * length;
	uint64_t number = cache->head.records / FC_SEGMENT_MEANS - 1;
	uint64_t at = number * codes_length(cache);
	records = malloc(bytes);
	if (!records) {
		return fc_fail_memory(err);
	}
	if (pread(cache->files[RECORDS], records, bytes, (off_t)(number * bytes)) !=
	    (ssize_t)bytes) {
		return fail("read", err);
	}
	FC_TRY(fc_segment_builder_init(&builder, &segment, err));
	for (size_t i = 0; i < FC_SEGMENT_MEANS; i++) {
		const struct record *record = (const void *)(records + i * length);
		fc_segment_builder_put(&builder, i, record->id, (const void *)(record + 1));
	}
	uint32_t check = fc_segment_builder_seal(&builder);
	FC_TRY(write_at(cache, CODES, &check, sizeof(check), at, err));
	FC_TRY(write_at(cache, CODES, builder.payload, builder.length, at + PAYLOAD_AT, err));
	return ftruncate(cache->files[CODES], (off_t)(at + codes_length(cache))) == 0
		       ? FC_OK
		       : fail("write", err);
}

enum fc_status fc_pg_cache_add(struct fc_pg_cache *cache, const struct fc_mean *mean,
			       struct fc_error *err)
{
	uint8_t bytes[sizeof(struct record) + FC_DIMENSION_MAXIMUM * sizeof(float)];
	size_t vector = cache->head.dimension * sizeof(float);
	const struct record record = { .id = mean->id,
				       .pid = mean->pid,
				       .templates = mean->count,
				       .check = fc_crc32c(0, mean->vector, vector) };
	memcpy(bytes, &record, sizeof(record));
	memcpy(bytes + sizeof(record), mean->vector, vector);
	FC_TRY(write_at(cache, RECORDS, bytes, sizeof(record) + vector,
			cache->head.records * record_length(cache), err));
	cache->head.records++;
	cache->head.last = mean->id;
	return cache->head.records % FC_SEGMENT_MEANS == 0 ? add_segment(cache, err) : FC_OK;
}

enum fc_status fc_pg_cache_remove(struct fc_pg_cache *cache, uint64_t mean, uint64_t change,
				  struct fc_error *err)
{
	const struct fc_pg_removal removal = { mean, change };
	FC_TRY(write_at(cache, REMOVED, &removal, sizeof(removal),
			cache->head.removals * sizeof(removal), err));
	cache->head.removals++;
	cache->head.change = change;
	return FC_OK;
}

enum fc_status fc_pg_cache_save(struct fc_pg_cache *cache, struct fc_error *err)
{
	const struct stored_head stored = { .magic = magic,
					    .head = cache->head,
					    .check = fc_crc32c(0, &cache->head,
							       sizeof(cache->head)) };
	return write_at(cache, HEAD, &stored, sizeof(stored), 0, err);
}

/* ---- reading ---- */

static int by_mean(const void *a, const void *b)
{
	const struct fc_pg_removal *x = a, *y = b;
	return (x->mean > y->mean) - (x->mean < y->mean);
}

static enum fc_status map_file(const struct fc_pg_cache *cache, int file, size_t length,
			       uint8_t **out, struct fc_error *err)
{
	if (length > 0) {
		void *bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, cache->files[file], 0);
		if (bytes == MAP_FAILED) {
			return fail("map", err);
		}
		*out = bytes;
	}
	return FC_OK;
}

enum fc_status fc_pg_cache_map(struct fc_pg_cache *cache, struct fc_error *err)
{
	size_t bytes = cache->head.removals * sizeof(*cache->removals);
	cache->records_length = cache->head.records * record_length(cache);
	cache->codes_length = cache->head.records / FC_SEGMENT_MEANS * codes_length(cache);
	cache->removals = malloc(bytes + 1);
	if (!cache->removals) {
		return fc_fail_memory(err);
	}
	if (pread(cache->files[REMOVED], cache->removals, bytes, 0) != (ssize_t)bytes) {
		return fail("read", err);
	}
	qsort(cache->removals, cache->head.removals, sizeof(*cache->removals), by_mean);
	FC_TRY(map_file(cache, RECORDS, cache->records_length, &cache->records, err));
	return map_file(cache, CODES, cache->codes_length, &cache->codes, err);
}

struct fc_pg_cached fc_pg_cache_record(const struct fc_pg_cache *cache, uint64_t index)
{
	const struct record *record = (const void *)(cache->records + index * record_length(cache));
	return (struct fc_pg_cached){
		.id = record->id,
		.mean = { record->pid, (const void *)(record + 1), record->templates },
	};
}

uint64_t fc_pg_cache_count(const struct fc_pg_cache *cache, uint64_t last)
{
	uint64_t low = 0, high = cache->head.records;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		bool is_in = fc_pg_cache_record(cache, middle).id <= last;
		low = is_in ? middle + 1 : low;
		high = is_in ? high : middle;
	}
	return low;
}

bool fc_pg_cache_find(const struct fc_pg_cache *cache, uint64_t id, struct fc_pg_cached *out)
{
	uint64_t count = fc_pg_cache_count(cache, id);
	if (count == 0) {
		return false;
	}
	const struct record *record =
		(const void *)(cache->records + (count - 1) * record_length(cache));
	*out = fc_pg_cache_record(cache, count - 1);
	return record->id == id &&
	       record->check == fc_crc32c(0, record + 1, cache->head.dimension * sizeof(float));
}

uint64_t fc_pg_cache_removed_by(const struct fc_pg_cache *cache, uint64_t id)
{
	const struct fc_pg_removal wanted = { .mean = id };
	const struct fc_pg_removal *found =
		cache->head.removals > 0 ? bsearch(&wanted, cache->removals, cache->head.removals,
						   sizeof(wanted), by_mean)
					 : NULL;
	return found ? found->change : 0;
}

bool fc_pg_cache_segment(const struct fc_pg_cache *cache, uint64_t index, struct fc_scan_set *out)
{
	const uint8_t *at = cache->codes + index * codes_length(cache);
	struct fc_segment segment = segment_of(cache);
	memcpy(&segment.check, at, sizeof(segment.check));
	segment.first = fc_pg_cache_record(cache, index * FC_SEGMENT_MEANS).id;
	segment.last = fc_pg_cache_record(cache, (index + 1) * FC_SEGMENT_MEANS - 1).id;
	return fc_segment_view(&segment, at + PAYLOAD_AT, out);
}
