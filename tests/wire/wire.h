/* What tests against the fake services share; see run.py, which starts those. */
/* SPDX-License-Identifier: MIT */
#ifndef WIRE_H
#define WIRE_H

#include "unit.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/json.h"
#include "net/http.h"

/* A value that run.py has put into the environment. */
const char *wire_env(const char *name);

/* Options for the fake at FAKE_URL, with waits too short to notice. */
struct fc_http_options wire_options(void);

/* Ask the fake itself. order: JSON. The answer is the caller's. */
cJSON *wire_control(const char *verb, const char *order);

/* The same, when the answer does not matter. */
void wire_order(const char *verb, const char *order);

/* Forget every person, fault, sample and count. A cmocka setup function. */
int wire_reset(void **state);

/* One number of the fake's state: "requests", "connections". */
int wire_count(const char *name);

/*
 * The path of a new photo: faces as in fake/photos.py, size as given in its head, bytes in all (0: as few as it takes). It goes with
 * the folder when run.py ends.
 */
char *wire_photo(const char *faces, uint32_t width, uint32_t height, size_t bytes);

/* A new file with these bytes. */
char *wire_file(const void *data, size_t length);

#endif
