/* write-sheet COUNT FILE: write a contact sheet with so many drawn faces of several persons, for tests of large pages. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sheet/contact_sheet.h"

/* Names of several scripts and directions, and texts that would be markup if they were not escaped. */
static const char *const names[] = {
	"Anna Berg",
	"\xd7\x93\xd7\x95\xd7\x93 \xd7\x9b\xd7\x94\xd7\x9f",
	"\xd8\xa3\xd8\xad\xd9\x85\xd8\xaf \xd8\xb9\xd9\x84\xd9\x8a",
	"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e",
	"<img src=x onerror=document.title='broken'> & \"Co\"",
	"J\xc3\xbcrgen \xe2\x80\xae"
	"nehcs",
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* A face with the detail and the noise of a photo: its JPEG is about as large as that of a real crop. */
static void draw_crop(uint8_t *crop, uint32_t number)
{
	uint32_t state = number * 2654435761u + 1;
	double tone = 90 + next_random(&state) % 120,
	       tilt = ((double)(next_random(&state) % 100) - 50) / 300;
	for (int y = 0; y < FC_CROP_SIDE; y++) {
		for (int x = 0; x < FC_CROP_SIDE; x++) {
			double u = (x - 56) / 42.0 + tilt * (y - 56) / 56.0, v = (y - 60) / 54.0;
			bool inside = u * u + v * v < 1;
			double light = inside ? tone * (1 - 0.35 * u * u) : 60 + x / 3.0;
			bool eye = fabs(fabs(u) - 0.42) < 0.14 && fabs(v + 0.25) < 0.06;
			bool mouth = fabs(u) < 0.32 && fabs(v - 0.5) < 0.05;
			light = eye ? 30 : (mouth ? light * 0.6 : light);
			light += 12 * sin(x * 0.9 + number) * cos(y * 0.7) * !inside;
			int noise = (int)(next_random(&state) % 13) - 6;
			for (int i = 0; i < 3; i++) {
				double value = light * (1.1 - 0.15 * i) + noise;
				*crop++ = (uint8_t)fmax(0, fmin(255, value));
			}
		}
	}
}

int main(int argc, char **argv)
{
	FC_CLEANUP(contact_sheet_release) struct contact_sheet sheet = { 0 };
	struct fc_error err = { 0 };
	static uint8_t crop[FC_CROP_BYTES];
	unsigned count = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	if (argc != 3 || contact_sheet_open(&sheet, argv[2], "recognize", "face", &err) != FC_OK) {
		fprintf(stderr, "write-sheet: %s\n", argc == 3 ? err.text : "COUNT FILE");
		return 2;
	}
	for (unsigned i = 0; i < count; i++) {
		bool known = i % 4 != 3;
		char path[64];
		snprintf(path, sizeof(path), "photos/day %u/<%u>.jpg", i / 100, i);
		draw_crop(crop, i);
		const struct sheet_face face = {
			.rank = known ? SHEET_PERSON : SHEET_UNKNOWN,
			.title = known ? names[i % NAMES] : "Unknown",
			.result = known ? "known" : "unknown",
			.is_good = known,
			.crop = crop,
			.path = path,
			.index = (int64_t)i % 7,
			.similarity = known ? 0.45 + (i % 50) / 100.0 : 0.2,
			.threshold = 0.41,
			.nearest = names[(i + 1) % NAMES],
			.nearest_similarity = 0.31,
			.note = known ? NULL : "no person is similar enough",
			.repair =
				known ? NULL
				      : "facectl profiles create --space s --name NAME --face index=1 -- 'a b.jpg'",
		};
		if (contact_sheet_add(&sheet, &face, &err) != FC_OK) {
			fprintf(stderr, "write-sheet: %s\n", err.text);
			return 1;
		}
	}
	if (contact_sheet_commit(&sheet, &err) != FC_OK) {
		fprintf(stderr, "write-sheet: %s\n", err.text);
		return 1;
	}
	return 0;
}
