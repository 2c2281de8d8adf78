/* Read width and height from the headers of JPEG, PNG and TIFF files. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/photo_size.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/image/signature.h"

/* Reads bytes at an offset of the file; bytes beyond its end are 0. */
struct header {
	int fd;
	bool big_endian;
};

static size_t read_at(const struct header *header, uint64_t at, uint8_t *out, size_t length)
{
	ssize_t got;
	do {
		got = pread(header->fd, out, length, (off_t)at);
	} while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

static uint32_t number_at(const struct header *header, uint64_t at, size_t bytes)
{
	uint8_t data[4] = { 0 };
	uint32_t value = 0;
	if (read_at(header, at, data, bytes) < bytes) {
		return 0;
	}
	for (size_t i = 0; i < bytes; i++) {
		size_t place = header->big_endian ? bytes - 1 - i : i;
		value |= (uint32_t)data[i] << (8 * place);
	}
	return value;
}

/*
 * The entries of the first directory of a TIFF structure that starts at `base`: a TIFF file, or the EXIF data of a JPEG (TIFF 6.0, section 2). An EXIF
 * directory has no width and height of the picture.
 */
static void read_directory(struct header *header, uint64_t base, struct fc_photo_size *size)
{
	enum { WIDTH = 256, HEIGHT = 257, ORIENTATION = 274, SHORT = 3 };
	header->big_endian = number_at(header, base, 1) == 'M';
	uint64_t directory = base + number_at(header, base + 4, 4);
	uint32_t count = number_at(header, directory, 2);
	for (uint32_t i = 0; i < count; i++) {
		uint64_t entry = directory + 2 + 12 * (uint64_t)i;
		uint32_t tag = number_at(header, entry, 2);
		bool is_short = number_at(header, entry + 2, 2) == SHORT;
		uint32_t value = number_at(header, entry + 8, is_short ? 2 : 4);
		if (tag == WIDTH) {
			size->width = value;
		} else if (tag == HEIGHT) {
			size->height = value;
		} else if (tag == ORIENTATION) {
			size->turned = value >= 5 && value <= 8;
		} else if (tag > ORIENTATION) {
			break; /* entries are sorted */
		}
	}
}

/* The EXIF data of an APP1 segment (Exif 2.3, 4.5.4). */
static void read_exif(const struct header *jpeg, uint64_t segment, struct fc_photo_size *size)
{
	static const uint8_t name[] = { 'E', 'x', 'i', 'f', 0, 0 };
	struct header header = *jpeg;
	struct fc_photo_size exif = { 0 };
	uint8_t start[sizeof(name)];
	if (read_at(jpeg, segment + 4, start, sizeof(start)) == sizeof(start) &&
	    memcmp(start, name, sizeof(name)) == 0) {
		read_directory(&header, segment + 4 + sizeof(name), &exif);
		size->turned = exif.turned;
	}
}

static void read_jpeg(const struct header *header, struct fc_photo_size *size)
{
	/* No camera writes as many segments before the picture. */
	enum { SEGMENTS_MAXIMUM = 1000, APP1 = 0xe1 };
	uint64_t at = 2;
	for (int i = 0; i < SEGMENTS_MAXIMUM && number_at(header, at, 1) == 0xff; i++) {
		uint32_t marker = number_at(header, at + 1, 1);
		/* The markers SOF0 to SOF15. Three numbers in this range have other meanings (ITU-T T.81, table B.1). */
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		    marker != 0xcc) {
			size->height = number_at(header, at + 5, 2);
			size->width = number_at(header, at + 7, 2);
			return;
		}
		if (marker == APP1) {
			read_exif(header, at, size);
		}
		/* 0xff before a marker is padding. */
		at += marker == 0xff ? 1 : 2 + (uint64_t)number_at(header, at + 2, 2);
	}
}

enum fc_status fc_photo_size_read(int fd, const char *name, struct fc_photo_size *out,
				  struct fc_error *err)
{
	struct header header = { .fd = fd, .big_endian = true };
	struct fc_photo_size size = { 0 };
	uint8_t start[FC_SIGNATURE_BYTES];
	size_t length = read_at(&header, 0, start, sizeof(start));
	FC_TRY_PREFIX(fc_signature_check(start, length, &size.format, err), err, "'%s'", name);
	if (size.format == FC_IMAGE_PNG) {
		/* IHDR is the first chunk (PNG, third edition, 5.6). */
		size.width = number_at(&header, 16, 4);
		size.height = number_at(&header, 20, 4);
	} else if (size.format == FC_IMAGE_JPEG) {
		read_jpeg(&header, &size);
	} else if (size.format == FC_IMAGE_TIFF) {
		read_directory(&header, 0, &size);
	}
	*out = size;
	return FC_OK;
}

enum fc_status fc_photo_size_of(const void *data, size_t length, struct fc_photo_size *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = fc_file_in_memory(data, length);
	return fd < 0 ? fc_fail_errno(err, FC_IO, errno, "cannot copy a photo to memory")
		      : fc_photo_size_read(fd, "image", out, err);
}
