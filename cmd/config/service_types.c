/* The types of remote services: their keys in the configuration, and how each is opened. */
/* SPDX-License-Identifier: MIT */
#include "config/services.h"

#define PLACE(member) .offset = offsetof(struct service_settings, member)
#define DAY 86400000

const char *const service_type_names[] = { "smarty", "azure", "neuroio", "serp", NULL };

const char *const service_policies[] = { "remote", "local", "fallback", "compare", NULL };

const struct option_row service_rows[] = {
	{ OPTION_CHOICE, 0, "type", "TYPE", PLACE(type), "protocol of the service",
	  .choices = service_type_names },
	{ OPTION_TEXT, 0, "url", "URL", PLACE(url), "address of the service" },
	{ OPTION_PATH, 0, "token-file", "FILE", PLACE(token_file),
	  "file whose first line is the token; only its owner may read it" },
	{ OPTION_TEXT, 0, "token-env", "NAME", PLACE(token_env),
	  "environment variable that holds the token" },
	{ OPTION_TEXT, 0, "token-command", "COMMAND", PLACE(token_command),
	  "shell command whose first line of output is the token" },
	{ OPTION_TEXT, 0, "account", "NAME", PLACE(account),
	  "name of the token's account in the ledger; needed if the token changes often" },
	{ OPTION_PATH, 0, "ca-file", "FILE", PLACE(ca_file),
	  "file of CA certificates to trust instead of the system's" },
	{ OPTION_TEXT, 0, "proxy", "URL", PLACE(proxy),
	  "URL of the proxy, or none; default: the proxy of the environment" },
	{ OPTION_TEXT, 0, "no-proxy", "HOSTS", PLACE(no_proxy),
	  "hosts to connect to without the proxy, separated by commas" },
	{ OPTION_FLAG, 0, "plain-http", NULL, PLACE(plain_http),
	  "allow http (without TLS) to other machines" },
	{ OPTION_CHOICE, 0, "policy", "POLICY", PLACE(policy),
	  "which service answers: remote, local, fallback or compare",
	  .choices = service_policies },
	{ OPTION_DURATION, 0, "connect-timeout", "TIME", PLACE(connect_timeout),
	  "time limit for connecting, including TLS", .minimum = 1, .maximum = DAY },
	{ OPTION_DURATION, 0, "timeout", "TIME", PLACE(timeout),
	  "time limit for one try of a request", .minimum = 1, .maximum = DAY },
	{ OPTION_SIZE, 0, "slow-speed", "SIZE", PLACE(slow_speed),
	  "bytes per second below which a try counts as stalled", .minimum = 1, .maximum = 1e9 },
	{ OPTION_DURATION, 0, "slow-time", "TIME", PLACE(slow_time),
	  "time after which a stalled try is aborted", .minimum = 1000, .maximum = DAY },
	{ OPTION_SIZE, 0, "max-answer", "SIZE", PLACE(max_answer), "largest response",
	  .minimum = 1024, .maximum = 1 << 30 },
	{ OPTION_NUMBER, 0, "retries", "N", PLACE(retries),
	  "how often a request is retried where that is safe", .maximum = 100 },
	{ OPTION_DURATION, 0, "retry-wait", "TIME", PLACE(retry_wait),
	  "longest wait before the first retry; doubled for each retry, up to thirty times this",
	  .minimum = 1, .maximum = 3600000 },
	{ OPTION_DURATION, 0, "longest-wait", "TIME", PLACE(longest_wait),
	  "do not retry when the service requests a longer wait", .maximum = DAY },
	{ OPTION_DURATION, 0, "deadline", "TIME", PLACE(deadline),
	  "time limit for a request with all its retries", .minimum = 1, .maximum = DAY },
	{ OPTION_REAL, 0, "rate-limit", "N", PLACE(rate_limit), "requests per second; 0: no limit",
	  .minimum = 0, .maximum = 1e6 },
	{ OPTION_NUMBER, 0, "jobs", "N", PLACE(jobs), "number of parallel requests", .minimum = 1,
	  .maximum = 256 },
	{ OPTION_SIZE, 0, "max-photo-size", "SIZE", PLACE(max_photo_size),
	  "maximum size of a photo file; 0: no limit", .maximum = 1e12 },
	{ OPTION_NUMBER, 0, "min-side", "N", PLACE(min_side),
	  "minimum width and height of a photo; 0: no limit", .maximum = 1e6 },
	{ OPTION_NUMBER, 0, "max-side", "N", PLACE(max_side),
	  "maximum length of a photo's longer side; 0: no limit", .maximum = 1e6 },
	{ OPTION_NUMBER, 0, "max-short-side", "N", PLACE(max_short_side),
	  "maximum length of a photo's shorter side; 0: no limit", .maximum = 1e6 },
	{ OPTION_END },
};

/* ---- smarty ---- */

static const struct option_row smarty_rows[] = {
	{ OPTION_TEXT, 0, "oauth-provider", "NAME", PLACE(oauth_provider),
	  "issuer of the token: mcs or mr" },
	{ OPTION_NUMBER, 0, "searcher", "N", PLACE(searcher),
	  "search mode: 0 for all persons, 1 for the nearest one, with attributes", .maximum = 1 },
	{ OPTION_NUMBER, 0, "max-photos", "N", PLACE(max_photos),
	  "maximum number of photos in one request", .minimum = 1, .maximum = 10000 },
	{ OPTION_SIZE, 0, "max-request-size", "SIZE", PLACE(max_request_size),
	  "maximum size of one request", .minimum = 1, .maximum = 1e12 },
	{ OPTION_END },
};

static struct option_number unsaid(uint64_t value)
{
	return (struct option_number){ .value = value };
}

/* Fill in the options that all types share. */
static void common_defaults(struct service_settings *out, const struct fc_http_options *http,
			    const struct fc_remote_limits *photo)
{
	out->connect_timeout = unsaid(http->connect_ms);
	out->timeout = unsaid(http->try_ms);
	out->slow_speed = unsaid(http->slow_bytes);
	out->slow_time = unsaid(http->slow_ms);
	out->max_answer = unsaid(http->answer_bytes);
	out->retries = unsaid(http->retry.tries - 1);
	out->retry_wait = unsaid(http->retry.base_ms);
	out->longest_wait = unsaid(http->retry.longest_wait_ms);
	out->deadline = unsaid(http->retry.deadline_ms);
	out->rate_limit = (struct option_real){ .value = http->requests_a_second };
	out->jobs = unsaid(http->parallel);
	out->max_photo_size = unsaid(photo->image_bytes);
	out->min_side = unsaid(photo->smallest_side);
	out->max_side = unsaid(photo->longer_side);
	out->max_short_side = unsaid(photo->shorter_side);
	out->photo = *photo;
}

static void smarty_defaults(struct service_settings *out)
{
	const struct fc_smarty_options options = fc_smarty_defaults();
	common_defaults(out, &options.http, &options.limits.photo);
	out->url = options.http.url;
	out->oauth_provider = options.provider;
	out->searcher = unsaid(options.searcher);
	out->max_photos = unsaid(options.limits.images);
	out->max_request_size = unsaid(options.limits.request_bytes);
}

static enum fc_status smarty_open(const struct service_opening *opening, struct fc_service **out,
				  struct fc_error *err)
{
	const struct service_settings *settings = opening->settings;
	const struct fc_smarty_options options = {
		.name = settings->name,
		.provider = settings->oauth_provider,
		.token = opening->token,
		.limits = {
			.images = settings->max_photos.value,
			.request_bytes = settings->max_request_size.value,
			.photo = opening->photo,
		},
		.has_searcher = settings->searcher.given,
		.searcher = (unsigned)settings->searcher.value,
		.cutter = opening->cutter,
		.http = opening->http,
	};
	return opening->module->smarty_open(&options, out, err);
}

/* ---- azure ---- */

static const struct option_row azure_rows[] = {
	{ OPTION_TEXT, 0, "group-prefix", "TEXT", PLACE(group_prefix),
	  "prefix of group ids: a space's large person group is this text and the space's name" },
	{ OPTION_TEXT, 0, "recognition-model", "NAME", PLACE(recognition_model),
	  "recognition model for newly created person groups" },
	{ OPTION_TEXT, 0, "detection-model", "NAME", PLACE(detection_model),
	  "model that detects faces" },
	{ OPTION_TEXT, 0, "attributes", "NAMES", PLACE(attributes),
	  "face attributes to request, separated by commas" },
	{ OPTION_REAL, 0, "confidence-threshold", "N", PLACE(confidence_threshold),
	  "confidence below which a face is not recognised, 0 to 1", .minimum = 0, .maximum = 1 },
	{ OPTION_NUMBER, 0, "candidates", "N", PLACE(candidates),
	  "maximum number of candidates for each face", .minimum = 1, .maximum = 100 },
	{ OPTION_DURATION, 0, "face-id-ttl", "TIME", PLACE(face_id_ttl),
	  "how long the service keeps the detected faces of a photo", .minimum = 60000,
	  .maximum = DAY },
	{ OPTION_DURATION, 0, "training-timeout", "TIME", PLACE(training_timeout),
	  "time limit for training a group", .maximum = 7.0 * DAY },
	{ OPTION_DURATION, 0, "training-poll", "TIME", PLACE(training_poll),
	  "time until a training is checked first; doubled for each check, up to ten times this",
	  .minimum = 1, .maximum = 3600000 },
	{ OPTION_END },
};

static void azure_defaults(struct service_settings *out)
{
	const struct fc_azure_options options = fc_azure_defaults();
	common_defaults(out, &options.http, &options.limits);
	out->group_prefix = options.group_prefix;
	out->recognition_model = options.recognition_model;
	out->detection_model = options.detection_model;
	out->candidates = unsaid(options.candidates);
	out->training_timeout = unsaid(options.training_ms);
	out->training_poll = unsaid(options.poll_ms);
}

static enum fc_status azure_open(const struct service_opening *opening, struct fc_service **out,
				 struct fc_error *err)
{
	const struct service_settings *settings = opening->settings;
	const struct fc_azure_options options = {
		.name = settings->name,
		.token = opening->token,
		.group_prefix = settings->group_prefix,
		.recognition_model = settings->recognition_model,
		.detection_model = settings->detection_model,
		.attributes = settings->attributes,
		.has_confidence = settings->confidence_threshold.given,
		.confidence = settings->confidence_threshold.value,
		.candidates = (unsigned)settings->candidates.value,
		.face_seconds = (unsigned)(settings->face_id_ttl.value / 1000),
		.poll_ms = settings->training_poll.value,
		.poll_ceiling_ms = 10 * settings->training_poll.value,
		.training_ms = settings->training_timeout.value,
		.limits = opening->photo,
		.http = opening->http,
	};
	return opening->module->azure_open(&options, out, err);
}

/* ---- neuroio and serp ---- */

#define OPTION_ROWS_PLATFORM                                                                       \
	{ OPTION_TEXT,   0,                                                                        \
	  "origin",      "ORIGIN",                                                                 \
	  PLACE(origin), "origin of photos if a command does not give one" },                      \
	{                                                                                          \
		OPTION_FLAG, 0, "identify-asm", NULL, PLACE(identify_asm),                         \
			"request age, sex and mood for every photo"                                \
	}

static const struct option_row neuroio_rows[] = {
	OPTION_ROWS_PLATFORM,
	{ OPTION_TEXT, 0, "iam-url", "URL", PLACE(iam_url),
	  "address of the API for spaces; default: that of NeuroIO, or url" },
	{ OPTION_END },
};

static const struct option_row serp_rows[] = {
	OPTION_ROWS_PLATFORM,
	{ OPTION_END },
};

static void platform_defaults(struct service_settings *out)
{
	const struct fc_platform_options options =
		fc_platform_defaults(service_types[out->type].kind);
	common_defaults(out, &options.http, &options.photo);
	out->url = options.http.url;
}

static enum fc_status platform_open(const struct service_opening *opening, struct fc_service **out,
				    struct fc_error *err)
{
	const struct service_settings *settings = opening->settings;
	const struct fc_platform_options options = {
		.kind = service_types[settings->type].kind,
		.name = settings->name,
		.origin = settings->origin,
		.iam_url = settings->iam_url,
		.token = opening->token,
		.photo = opening->photo,
		.attributes = settings->identify_asm,
		.cutter = opening->cutter,
		.http = opening->http,
	};
	return opening->module->platform_open(&options, out, err);
}

const struct service_type service_types[] = {
	{ "smarty", smarty_rows, smarty_defaults, smarty_open, 0 },
	{ "azure", azure_rows, azure_defaults, azure_open, 0 },
	{ "neuroio", neuroio_rows, platform_defaults, platform_open, FC_PLATFORM_NEUROIO },
	{ "serp", serp_rows, platform_defaults, platform_open, FC_PLATFORM_SERP },
};
