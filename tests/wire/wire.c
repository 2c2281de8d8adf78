/* Talking to the fake services. */
/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdio.h>

const char *wire_env(const char *name)
{
	const char *value = getenv(name);
	if (!value) {
		fail_msg("%s is not set: start this program with run.py", name);
	}
	return value;
}

struct fc_http_options wire_options(void)
{
	struct fc_http_options options = fc_http_defaults();
	options.url = wire_env("FAKE_URL");
	options.ca_file = wire_env("FAKE_CA");
	options.user_agent = "facectl-test";
	options.retry.base_ms = 1;
	options.retry.ceiling_ms = 2;
	options.retry.longest_wait_ms = 5000;
	return options;
}

cJSON *wire_control(const char *verb, const char *order)
{
	FC_CLEANUP(fc_http_closep) struct fc_http *client = NULL;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	struct fc_error err = { 0 };
	struct fc_http_options options = wire_options();
	const char *path[] = { "control", verb };
	struct fc_http_request request = {
		.method = FC_HTTP_POST,
		.path = path,
		.path_count = 2,
		.body = { .data = order, .length = strlen(order) },
		.content_type = "application/json",
	};
	cJSON *answer = NULL;
	options.answer_bytes = 64 * 1024 * 1024;
	assert_int_equal(fc_http_open(&options, &client, &err), FC_OK);
	if (fc_http_perform(client, &request, &response, &err) != FC_OK || response.status != 200) {
		fail_msg("the fake does not answer: %s", err.text);
	}
	answer = cJSON_ParseWithLength((const char *)response.body.data, response.body.length);
	assert_non_null(answer);
	return answer;
}

void wire_order(const char *verb, const char *order)
{
	cJSON_Delete(wire_control(verb, order));
}

int wire_reset(void **state)
{
	(void)state;
	wire_order("reset", "null");
	return 0;
}

int wire_count(const char *name)
{
	FC_CLEANUP(fc_json_release) cJSON *state = wire_control("state", "null");
	const cJSON *number = fc_json_get(state, name);
	assert_true(cJSON_IsNumber(number));
	return number->valueint;
}

char *wire_file(const void *data, size_t length)
{
	char *path = NULL;
	static unsigned files;
	assert_true(asprintf(&path, "%s/file%u", wire_env("FAKE_FOLDER"), files++) > 0);
	FILE *file = fopen(path, "wbe");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void put_big_endian(struct fc_buffer *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		fc_buffer_put_u8(out, (uint8_t)(value >> shift));
	}
}

/* The checksum is left 0: neither side looks at pixels. */
static void put_chunk(struct fc_buffer *out, const char *kind, const struct fc_buffer *body)
{
	put_big_endian(out, (uint32_t)body->length);
	fc_buffer_append(out, kind, 4);
	fc_buffer_append(out, body->data, body->length);
	put_big_endian(out, 0);
}

char *wire_photo(const char *faces, uint32_t width, uint32_t height, size_t bytes)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer head = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_append(&out, "\x89PNG\r\n\x1a\n", 8);
	put_big_endian(&head, width);
	put_big_endian(&head, height);
	fc_buffer_append(&head, "\x08\x02\0\0\0", 5);
	put_chunk(&out, "IHDR", &head);
	fc_buffer_append(&text, "faces", 6);
	fc_buffer_append_text(&text, faces);
	put_chunk(&out, "tEXt", &text);
	if (bytes > out.length + 12) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer padding = { 0 };
		for (size_t left = bytes - out.length - 12; left > 0; left--) {
			fc_buffer_put_u8(&padding, (uint8_t)(left * 2654435761u >> 24));
		}
		put_chunk(&out, "IDAT", &padding);
	}
	assert_true(fc_buffer_ok(&out));
	return wire_file(out.data, out.length);
}
