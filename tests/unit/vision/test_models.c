/* Descriptors: what is accepted, what is refused, where they are found, and the check of a network's bytes. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "vision/models/descriptor.h"
#include "vision/models/models.h"

/* SHA-256 of "network\n" by sha256sum(1). */
#define NETWORK "network\n"
#define NETWORK_SHA256 "37e48922ed4e00f48d385ec6d593d9b72b8e80634d0f336178340e9153602f1d"

static const char *const members[][2] = {
	{ "name", "\"small\"" },
	{ "role", "\"embedder\"" },
	{ "file", "\"small.onnx\"" },
	{ "bytes", "8" },
	{ "sha256", "\"" NETWORK_SHA256 "\"" },
	{ "licence", "\"MIT\"" },
	{ "source", "\"made up\"" },
	{ "urls", "[\"https://example.org/small.onnx\"]" },
	{ "preprocessing", "1" },
	{ "input", "{\"width\":112,\"height\":112,\"order\":\"RGB\",\"scale\":0.5,\"mean\":[1,2,3],"
		   "\"deviation\":[4,5,6]}" },
	{ "dimension", "128" },
	{ "mirror", "true" },
	{ "score_threshold", "0.6" },
	{ "nms_iou", "0.3" },
	{ "calibration", "{\"source\":\"a test\",\"impostor_pairs\":1000,\"genuine_pairs\":10,"
			 "\"points\":[[0.01,0.2],[0.001,0.3]]}" },
};

/* A set of thresholds with one point. */
#define SET(name, natural, adults)                                                                 \
	"{\"name\":" name ",\"natural\":" natural ",\"adults\":" adults                            \
	",\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":0,\"points\":[[0.001,0.4]]}"

#define WITH_MEANS(means)                                                                                 \
	"{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,\"points\":[[0.01,0.2],[0.001,0.3]]," \
	"\"means\":" means "}"

/* The descriptor of above with one member given another value; NULL leaves it out. */
static void put_descriptor(struct fc_buffer *text, const char *member, const char *value)
{
	fc_buffer_append_text(text, "{\"unknown\":[]");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(members); i++) {
		bool changed = member && strcmp(members[i][0], member) == 0;
		if (!changed || value) {
			fc_buffer_printf(text, ",\"%s\":%s", members[i][0],
					 changed ? value : members[i][1]);
		}
	}
	fc_buffer_append_text(text, "}");
}

static enum fc_status parse(const char *member, const char *value, struct fc_model **out,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	put_descriptor(&text, member, value);
	return fc_model_parse((const char *)text.data, text.length, "test", out, err);
}

static void a_descriptor_becomes_a_model(void **state)
{
	(void)state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	char sha256[FC_SHA256_TEXT_SIZE];
	assert_int_equal(parse(NULL, NULL, &model, NULL), FC_OK);
	assert_string_equal(model->name, "small");
	assert_int_equal(model->role, FC_ROLE_EMBEDDER);
	assert_string_equal(model->files[0].name, "small.onnx");
	assert_int_equal(model->files[0].bytes, 8);
	fc_sha256_format(&model->files[0].sha256, sha256);
	assert_string_equal(sha256, NETWORK_SHA256);
	assert_int_equal(model->files[0].url_count, 1);
	assert_string_equal(model->files[0].urls[0], "https://example.org/small.onnx");
	assert_null(model->note);
	assert_null(model->files[0].path);
	assert_int_equal(model->input.order, FC_CHANNELS_RGB);
	assert_float_equal(model->input.scale, 0.5, 0.0);
	assert_float_equal(model->input.mean[2], 3.0, 0.0);
	assert_float_equal(model->input.deviation[0], 4.0, 0.0);
	assert_int_equal(model->dimension, 128);
	assert_true(model->mirror);
	assert_int_equal(model->calibration.count, 2);
	assert_int_equal(model->calibration.impostor_pairs, 1000);
	assert_float_equal(model->calibration.points[1].threshold, 0.3, 0.0);
	assert_int_equal(model->set_count, 1);
	assert_string_equal(model->sets[0].name, "unnamed");
	assert_true(fc_calibration_set_is_used(&model->sets[0]));
}

static void sets_of_a_calibration_are_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	static const char sets[] =
		"{\"sets\":[{\"name\":\"street\",\"natural\":true,\"adults\":true,\"source\":\"x\","
		"\"impostor_pairs\":1000,\"genuine_pairs\":5,\"points\":[[0.01,0.2],[0.0001,0.4]],"
		"\"means\":[[2,1.02],[5,1.05]]}," SET("\"cut\"", "false", "true") "," SET(
			"\"school\"", "true", "false") "]}";
	assert_int_equal(parse("calibration", sets, &model, NULL), FC_OK);
	assert_int_equal(model->set_count, 3);
	assert_string_equal(model->sets[1].name, "cut");
	assert_false(model->sets[1].natural);
	assert_false(model->sets[2].adults);
	assert_int_equal(model->sets[2].calibration.count, 1);
	/* Only the first one is used. */
	assert_int_equal(model->calibration.count, 2);
	assert_float_equal(model->calibration.points[1].threshold, 0.4, 0);
	assert_int_equal(model->calibration.impostor_pairs, 1000);
	assert_string_equal(model->calibration.source, "x");
	assert_int_equal(model->calibration.factors.count, 2);
	assert_int_equal(model->calibration.factors.items[1].templates, 5);
	assert_float_equal(model->calibration.factors.items[1].factor, 1.05, 0);
}

static void without_a_set_in_use_there_is_no_calibration(void **state)
{
	(void)state;
	static const char *const calibrations[] = {
		"{\"sets\":[" SET("\"cut\"", "false", "true") "]}",
		"{\"sets\":[" SET("\"one point\"", "true", "true") "]}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(calibrations); i++) {
		FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
		assert_int_equal(parse("calibration", calibrations[i], &model, NULL), FC_OK);
		assert_int_equal(model->set_count, 1);
		assert_int_equal(model->calibration.count, 0);
	}
}

static void calibration_note_addresses_and_mirror_may_be_absent(void **state)
{
	(void)state;
	static const char *const optional[] = { "calibration", "urls", "mirror" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(optional); i++) {
		FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
		assert_int_equal(parse(optional[i], NULL, &model, NULL), FC_OK);
	}
}

static void what_is_needed_must_be_there(void **state)
{
	(void)state;
	static const char *const needed[] = { "name",   "role",     "file",   "bytes",
					      "sha256", "licence",  "source", "preprocessing",
					      "input",  "dimension" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(needed); i++) {
		struct fc_model *model = NULL;
		struct fc_error err = { 0 };
		assert_int_equal(parse(needed[i], NULL, &model, &err), FC_INVALID_ARGUMENT);
		assert_null(model);
		assert_non_null(strstr(err.text, needed[i]));
	}
}

static void values_out_of_their_range_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[][2] = {
		{ "name", "\"../small\"" },
		{ "name", "\"\"" },
		{ "name", "\".hidden\"" },
		{ "name", "1" },
		{ "role", "\"teacher\"" },
		{ "file", "\"a/small.onnx\"" },
		{ "file", "\"..\"" },
		{ "file", "\"facectl-detect.json\"" },
		{ "file", "\"small.onnx.PART\"" },
		{ "file", "\"small\\u001b.onnx\"" },
		{ "bytes", "0" },
		{ "bytes", "1.5" },
		{ "bytes", "1e12" },
		{ "bytes", "-1" },
		{ "sha256", "\"12\"" },
		{ "urls", "\"https://example.org\"" },
		{ "urls", "[\"file:///etc/passwd\"]" },
		{ "urls", "[1]" },
		{ "preprocessing", "0" },
		{ "input", "[]" },
		{ "input", "{\"width\":112,\"height\":112,\"order\":\"RGB\",\"scale\":0,\"mean\":"
			   "[0,0,0],\"deviation\":[1,1,1]}" },
		{ "input", "{\"width\":112,\"height\":112,\"order\":\"RGB\",\"scale\":1,\"mean\":"
			   "[0,0],\"deviation\":[1,1,1]}" },
		{ "input", "{\"width\":112,\"height\":112,\"order\":\"RGB\",\"scale\":1,\"mean\":"
			   "[0,0,0],\"deviation\":[1,0,1]}" },
		{ "input", "{\"width\":112,\"height\":112,\"order\":\"GBR\",\"scale\":1,\"mean\":"
			   "[0,0,0],\"deviation\":[1,1,1]}" },
		{ "input", "{\"width\":96,\"height\":112,\"order\":\"RGB\",\"scale\":1,\"mean\":"
			   "[0,0,0],\"deviation\":[1,1,1]}" },
		{ "dimension", "1" },
		{ "dimension", "1025" },
		{ "mirror", "1" },
		{ "calibration", "[]" },
		{ "calibration", "{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.1]]}" },
		{ "calibration", "{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.2],[0.01,0.1]]}" },
		{ "calibration", "{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.1],[0.2,0.2]]}" },
		{ "calibration", "{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.1],[0,0.2]]}" },
		{ "calibration", "{\"source\":\"x\",\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.1],[0.01,1.2]]}" },
		{ "calibration", "{\"impostor_pairs\":1,\"genuine_pairs\":1,"
				 "\"points\":[[0.1,0.1],[0.01,0.2]]}" },
		{ "calibration", WITH_MEANS("[[1,1.1]]") },
		{ "calibration", WITH_MEANS("[[2.5,1.1]]") },
		{ "calibration", WITH_MEANS("[[2,0.9]]") },
		{ "calibration", WITH_MEANS("[[2,2.1]]") },
		{ "calibration", WITH_MEANS("[[2,1.1],[3,1.0]]") },
		{ "calibration", WITH_MEANS("[[3,1.1],[2,1.2]]") },
		{ "calibration", WITH_MEANS("[[2]]") },
		{ "calibration", WITH_MEANS("[2,1.1]") },
		{ "calibration", WITH_MEANS("{}") },
		{ "calibration", WITH_MEANS("[[2,1],[3,1],[4,1],[5,1]]") },
		{ "calibration", "{\"sets\":[]}" },
		{ "calibration", "{\"sets\":{}}" },
		{ "calibration", "{\"sets\":[1]}" },
		{ "calibration", "{\"sets\":[" SET("\"a\"", "true", "true") "," SET("\"a\"", "true",
										    "true") "]}" },
		{ "calibration", "{\"sets\":[" SET("\"\"", "true", "true") "]}" },
		{ "calibration", "{\"sets\":[" SET("1", "true", "true") "]}" },
		{ "calibration", "{\"sets\":[" SET("\"a\"", "1", "true") "]}" },
		{ "calibration", "{\"sets\":[" SET("\"a\"", "true", "null") "]}" },
		{ "calibration", "{\"points\":[],\"sets\":[" SET("\"a\"", "true", "true") "]}" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		struct fc_model *model = NULL;
		assert_int_equal(parse(wrong[i][0], wrong[i][1], &model, NULL),
				 FC_INVALID_ARGUMENT);
		assert_null(model);
	}
}

static void a_detector_needs_its_thresholds(void **state)
{
	(void)state;
	static const char detector[] =
		"{\"name\":\"d\",\"role\":\"detector\",\"file\":\"d\",\"bytes\":1,\"sha256\":"
		"\"" NETWORK_SHA256 "\",\"licence\":\"x\",\"source\":\"x\",\"preprocessing\":1,"
		"\"input\":{\"width\":%d,\"height\":%d,\"order\":\"BGR\",\"scale\":1,\"mean\":[0,0,"
		"0],\"deviation\":[1,1,1]},\"score_threshold\":%g,\"nms_iou\":%g}";
	static const struct {
		int width, height;
		double score, iou;
		enum fc_status expected;
	} cases[] = {
		{ 0, 0, 0.6, 0.3, FC_OK },
		{ 640, 320, 0.6, 0.3, FC_OK },
		{ 640, 0, 0.6, 0.3, FC_INVALID_ARGUMENT },
		{ 100, 100, 0.6, 0.3, FC_INVALID_ARGUMENT },
		{ 0, 0, 0.0, 0.3, FC_INVALID_ARGUMENT },
		{ 0, 0, 0.6, 1.0, FC_INVALID_ARGUMENT },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
		char text[1024];
		int length = snprintf(text, sizeof(text), detector, cases[i].width, cases[i].height,
				      cases[i].score, cases[i].iou);
		assert_int_equal(fc_model_parse(text, (size_t)length, "test", &model, NULL),
				 cases[i].expected);
	}
}

static void a_liveness_model_has_several_networks(void **state)
{
	(void)state;
	static const char liveness[] =
		"{\"name\":\"l\",\"role\":\"liveness\",\"networks\":%s,\"licence\":\"x\","
		"\"source\":\"x\",\"preprocessing\":1,\"input\":{\"width\":80,\"height\":80,"
		"\"order\":\"BGR\",\"scale\":1,\"mean\":[0,0,0],\"deviation\":[1,1,1]},"
		"\"live_class\":1,\"passed_from\":%g,\"failed_below\":%g}";
#define NET(name)                                                                                  \
	"{\"file\":\"" name "\",\"bytes\":1,\"sha256\":\"" NETWORK_SHA256 "\",\"grow\":2.7}"
	static const struct {
		const char *networks;
		double passed, failed;
		enum fc_status expected;
	} cases[] = {
		{ "[" NET("a") "," NET("b") "]", 0.5, 0.25, FC_OK },
		{ "[" NET("a") "]", 0.5, 0.5, FC_OK },
		{ "[" NET("a") "]", 0.5, 0.6, FC_INVALID_ARGUMENT },
		{ "[" NET("../a") "]", 0.5, 0.25, FC_INVALID_ARGUMENT },
		{ "[]", 0.5, 0.25, FC_INVALID_ARGUMENT },
		{ "[1]", 0.5, 0.25, FC_INVALID_ARGUMENT },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
		char text[2048];
		int length = snprintf(text, sizeof(text), liveness, cases[i].networks,
				      cases[i].passed, cases[i].failed);
		assert_int_equal(fc_model_parse(text, (size_t)length, "test", &model, NULL),
				 cases[i].expected);
		if (i == 0) {
			assert_int_equal(model->file_count, 2);
			assert_string_equal(model->files[1].name, "b");
			assert_float_equal(model->files[1].grow, 2.7f, 0.0);
			assert_int_equal(fc_model_life(model, 0.5f), FC_LIVENESS_PASSED);
			assert_int_equal(fc_model_life(model, 0.3f), FC_LIVENESS_UNDETERMINED);
			assert_int_equal(fc_model_life(model, 0.2f), FC_LIVENESS_FAILED);
		}
	}
}

static void an_attributes_model_says_where_its_answers_are(void **state)
{
	(void)state;
	static const char attributes[] =
		"{\"name\":\"a\",\"role\":\"attributes\",\"file\":\"a\",\"bytes\":1,"
		"\"sha256\":\"" NETWORK_SHA256 "\",\"licence\":\"x\",\"source\":\"x\","
		"\"preprocessing\":1,\"input\":{\"width\":80,\"height\":80,\"order\":\"BGR\","
		"\"scale\":1,\"mean\":[0,0,0],\"deviation\":[1,1,1]},%s\"outputs\":[%s]}";
#define AGE(more) "{\"attribute\":\"age\",\"index\":2" more "}"
#define SEX(labels) "{\"attribute\":\"sex\",\"index\":0,\"labels\":" labels "}"
	static const struct {
		const char *more, *outputs;
		enum fc_status expected;
	} cases[] = {
		{ "\"grow\":1.5,", AGE(",\"scale\":100") "," SEX("[\"female\",null,\"male\"]"),
		  FC_OK },
		{ "", AGE(",\"output\":\"fc\""), FC_OK },
		{ "", "", FC_INVALID_ARGUMENT },
		{ "", "1", FC_INVALID_ARGUMENT },
		{ "", AGE("") "," AGE(""), FC_INVALID_ARGUMENT },
		{ "", AGE(",\"output\":\"fc\"") "," SEX("[\"female\",\"male\"]"),
		  FC_INVALID_ARGUMENT },
		{ "", AGE(",\"scale\":\"much\""), FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\"]"), FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\",\"happiness\"]"), FC_INVALID_ARGUMENT },
		{ "", SEX("\"female\""), FC_INVALID_ARGUMENT },
		{ "", "{\"attribute\":\"shoe size\",\"index\":0}", FC_INVALID_ARGUMENT },
		{ "", "{\"attribute\":\"age\",\"index\":-1}", FC_INVALID_ARGUMENT },
		{ "\"grow\":0.5,", AGE(""), FC_INVALID_ARGUMENT },
		{ "\"mirror\":true,",
		  AGE("") "," SEX("[\"female\",\"male\"],\"probabilities\":true,"
				  "\"least_probability\":0.6,\"ages\":[10,120]"),
		  FC_OK },
		{ "",
		  "{\"attribute\":\"smile\",\"index\":3},{\"attribute\":\"glasses\",\"index\":4}",
		  FC_OK },
		{ "", "{\"attribute\":\"occlusion\",\"index\":3}", FC_OK },
		{ "",
		  "{\"attribute\":\"occlusion\",\"index\":0},{\"attribute\":\"occlusion\","
		  "\"index\":3}",
		  FC_INVALID_ARGUMENT },
		{ "", "{\"attribute\":\"occlusion\"}", FC_INVALID_ARGUMENT },
		{ "\"mirror\":1,", AGE(""), FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\",\"male\"],\"probabilities\":1"), FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\",\"male\"],\"least_probability\":0.6"), FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\",\"male\"],\"probabilities\":true,\"least_probability\":2"),
		  FC_INVALID_ARGUMENT },
		{ "", SEX("[\"female\",\"male\"],\"ages\":[10,120]"), FC_INVALID_ARGUMENT },
		{ "", AGE("") "," SEX("[\"female\",\"male\"],\"ages\":[20,10]"),
		  FC_INVALID_ARGUMENT },
		{ "", AGE("") "," SEX("[\"female\",\"male\"],\"ages\":[0,121]"),
		  FC_INVALID_ARGUMENT },
		{ "", AGE("") "," SEX("[\"female\",\"male\"],\"ages\":10"), FC_INVALID_ARGUMENT },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
		char text[2048];
		int length =
			snprintf(text, sizeof(text), attributes, cases[i].more, cases[i].outputs);
		assert_int_equal(fc_model_parse(text, (size_t)length, "test", &model, NULL),
				 cases[i].expected);
		if (i == 0) {
			assert_int_equal(model->attribute_count, 2);
			assert_float_equal(model->files[0].grow, 1.5f, 0.0);
			assert_int_equal(model->attributes[0].attribute, FC_ATTRIBUTE_AGE);
			assert_float_equal(model->attributes[0].scale, 100, 0.0);
			assert_int_equal(model->attributes[1].label_count, 3);
			assert_int_equal(model->attributes[1].labels[0], FC_SEX_FEMALE);
			assert_int_equal(model->attributes[1].labels[1], FC_SEX_UNKNOWN);
			assert_int_equal(model->attributes[1].labels[2], FC_SEX_MALE);
			assert_int_equal(model->attributes[1].age_from, 0);
			assert_int_equal(model->attributes[1].age_to, FC_AGE_MAXIMUM);
			assert_false(model->mirror || model->attributes[1].probabilities);
		} else if (cases[i].expected == FC_OK && model->mirror) {
			assert_true(model->attributes[1].probabilities);
			assert_float_equal(model->attributes[1].least_probability, 0.6, 1e-6);
			assert_int_equal(model->attributes[1].age_from, 10);
		}
	}
}

/* Two directories along a model path. */
struct folders {
	char root[64], first[80], second[80];
	const char *directories[3];
	struct fc_model_path path;
};

static int make_folders(void **state)
{
	struct folders *folders = calloc(1, sizeof(*folders));
	assert_non_null(folders);
	snprintf(folders->root, sizeof(folders->root), "/tmp/facectl-models-XXXXXX");
	assert_non_null(mkdtemp(folders->root));
	snprintf(folders->first, sizeof(folders->first), "%s/first", folders->root);
	snprintf(folders->second, sizeof(folders->second), "%s/second", folders->root);
	assert_int_equal(mkdir(folders->first, 0700), 0);
	assert_int_equal(mkdir(folders->second, 0700), 0);
	folders->directories[0] = "/nonexistent/models";
	folders->directories[1] = folders->first;
	folders->directories[2] = folders->second;
	folders->path = (struct fc_model_path){ folders->directories, 3 };
	*state = folders;
	return 0;
}

static int remove_folders(void **state)
{
	struct folders *folders = *state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", folders->root);
	int failed = system(command);
	free(folders);
	return failed;
}

static void put_file(const char *directory, const char *name, const char *content)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(directory, name);
	assert_int_equal(fc_file_replace(path, content, strlen(content), 0600, NULL), FC_OK);
}

static void put_descriptor_file(const char *directory, const char *file, const char *member,
				const char *value)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	put_descriptor(&text, member, value);
	put_file(directory, file, fc_buffer_text(&text));
}

static void the_network_may_lie_elsewhere_along_the_path(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	put_descriptor_file(folders->second, "small.json", NULL, NULL);
	put_file(folders->first, "small.onnx", NETWORK);
	assert_int_equal(fc_model_load(&folders->path, "small", FC_ROLE_EMBEDDER, &model, NULL),
			 FC_OK);
	FC_CLEANUP(fc_free) char *expected = fc_path_join(folders->first, "small.onnx");
	assert_string_equal(model->files[0].path, expected);
}

static void a_network_that_is_nowhere_is_missing_only_when_it_is_read(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error err = { 0 };
	put_descriptor_file(folders->first, "small.json", NULL, NULL);
	assert_int_equal(fc_model_load(&folders->path, "small", FC_ROLE_EMBEDDER, &model, NULL),
			 FC_OK);
	assert_null(model->files[0].path);
	assert_int_equal(fc_model_read(model, 0, &bytes, &err), FC_MODEL_MISSING);
	assert_non_null(strstr(err.text, "small.onnx"));
}

static void an_unknown_name_is_missing_and_the_places_are_told(void **state)
{
	const struct folders *folders = *state;
	struct fc_model *model = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_model_load(&folders->path, "other", FC_ROLE_EMBEDDER, &model, &err),
			 FC_MODEL_MISSING);
	assert_non_null(strstr(err.text, folders->first));
	assert_non_null(strstr(err.text, "other.json"));
}

static void a_path_names_a_descriptor_directly(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_free) char *file = fc_path_join(folders->root, "any.json");
	FC_CLEANUP(fc_free) char *network = fc_path_join(folders->root, "small.onnx");
	struct fc_model *none = NULL;
	put_descriptor_file(folders->root, "any.json", NULL, NULL);
	put_file(folders->root, "small.onnx", NETWORK);
	assert_int_equal(fc_model_load(&folders->path, file, FC_ROLE_EMBEDDER, &model, NULL),
			 FC_OK);
	assert_string_equal(model->files[0].path, network);
	assert_int_equal(fc_model_load(&folders->path, network, FC_ROLE_EMBEDDER, &none, NULL),
			 FC_INVALID_ARGUMENT);
}

static void a_model_of_another_role_or_name_is_refused(void **state)
{
	const struct folders *folders = *state;
	struct fc_model *model = NULL;
	put_descriptor_file(folders->first, "small.json", NULL, NULL);
	put_descriptor_file(folders->first, "alias.json", NULL, NULL);
	assert_int_equal(fc_model_load(&folders->path, "small", FC_ROLE_DETECTOR, &model, NULL),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(fc_model_load(&folders->path, "alias", FC_ROLE_EMBEDDER, &model, NULL),
			 FC_INVALID_ARGUMENT);
	assert_null(model);
}

static void the_list_has_the_first_of_each_name(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_list_release) struct fc_model_list list = { 0 };
	size_t unusable = 99;
	put_descriptor_file(folders->second, "small.json", "licence", "\"second\"");
	put_descriptor_file(folders->first, "small.json", "licence", "\"first\"");
	put_descriptor_file(folders->second, "another.json", "name", "\"another\"");
	put_descriptor_file(folders->second, "live.json", "role", "\"liveness\"");
	put_file(folders->second, "broken.json", "{");
	put_file(folders->second, "notes.txt", "no descriptor");
	assert_int_equal(fc_model_list(&folders->path, &list, &unusable, NULL), FC_OK);
	assert_int_equal(unusable, 2); /* broken.json, and live.json that is named small inside */
	assert_int_equal(list.count, 2);
	assert_string_equal(list.models[0]->name, "another");
	assert_string_equal(list.models[1]->name, "small");
	assert_string_equal(list.models[1]->licence, "first");
}

static void the_bytes_read_are_those_that_were_hashed(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	put_descriptor_file(folders->first, "small.json", NULL, NULL);
	put_file(folders->first, "small.onnx", NETWORK);
	assert_int_equal(fc_model_load(&folders->path, "small", FC_ROLE_EMBEDDER, &model, NULL),
			 FC_OK);
	assert_int_equal(fc_model_read(model, 0, &bytes, NULL), FC_OK);
	assert_int_equal(bytes.length, strlen(NETWORK));
	assert_memory_equal(bytes.data, NETWORK, strlen(NETWORK));
}

static void other_bytes_are_a_mismatch_with_both_hashes(void **state)
{
	const struct folders *folders = *state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	static const char *const contents[] = { "Network\n", "network\n\n", "" };
	put_descriptor_file(folders->first, "small.json", NULL, NULL);
	put_file(folders->first, "small.onnx", NETWORK);
	assert_int_equal(fc_model_load(&folders->path, "small", FC_ROLE_EMBEDDER, &model, NULL),
			 FC_OK);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(contents); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
		struct fc_error err = { 0 };
		struct fc_sha256 digest;
		char found[FC_SHA256_TEXT_SIZE];
		put_file(folders->first, "small.onnx", contents[i]);
		assert_int_equal(fc_model_read(model, 0, &bytes, &err), FC_MODEL_MISMATCH);
		assert_int_equal(bytes.length, 0);
		digest = fc_sha256_of(contents[i], strlen(contents[i]));
		fc_sha256_format(&digest, found);
		assert_non_null(strstr(err.text, NETWORK_SHA256));
		assert_non_null(strstr(err.text, found));
	}
}

static void the_models_in_the_box_are_what_their_descriptors_say(void **state)
{
	(void)state;
	const char *directory = getenv("FACECTL_TEST_MODELS");
	assert_non_null(directory);
	const struct fc_model_path path = { &directory, 1 };
	FC_CLEANUP(fc_model_list_release) struct fc_model_list list = { 0 };
	size_t unusable = 99;
	size_t present = 0;
	assert_int_equal(fc_model_list(&path, &list, &unusable, NULL), FC_OK);
	assert_int_equal(unusable, 0);
	assert_int_equal(list.count, 7);
	for (size_t i = 0; i < list.count; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
		if (fc_model_is_present(list.models[i])) {
			assert_int_equal(fc_model_read(list.models[i], 0, &bytes, NULL), FC_OK);
			present++;
		}
	}
	assert_int_equal(present, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_becomes_a_model),
		cmocka_unit_test(sets_of_a_calibration_are_read),
		cmocka_unit_test(without_a_set_in_use_there_is_no_calibration),
		cmocka_unit_test(calibration_note_addresses_and_mirror_may_be_absent),
		cmocka_unit_test(what_is_needed_must_be_there),
		cmocka_unit_test(values_out_of_their_range_are_refused),
		cmocka_unit_test(a_detector_needs_its_thresholds),
		cmocka_unit_test(a_liveness_model_has_several_networks),
		cmocka_unit_test(an_attributes_model_says_where_its_answers_are),
		cmocka_unit_test_setup_teardown(the_network_may_lie_elsewhere_along_the_path,
						make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
			a_network_that_is_nowhere_is_missing_only_when_it_is_read, make_folders,
			remove_folders),
		cmocka_unit_test_setup_teardown(an_unknown_name_is_missing_and_the_places_are_told,
						make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(a_path_names_a_descriptor_directly, make_folders,
						remove_folders),
		cmocka_unit_test_setup_teardown(a_model_of_another_role_or_name_is_refused,
						make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(the_list_has_the_first_of_each_name, make_folders,
						remove_folders),
		cmocka_unit_test_setup_teardown(the_bytes_read_are_those_that_were_hashed,
						make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(other_bytes_are_a_mismatch_with_both_hashes,
						make_folders, remove_folders),
		cmocka_unit_test(the_models_in_the_box_are_what_their_descriptors_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
