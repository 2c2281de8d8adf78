/* Write the query parameters of the platforms that filter entries. */
/* SPDX-License-Identifier: MIT */
#include "protocol/platform_filter.h"

#include <inttypes.h>
#include <string.h>

#include "protocol/percent.h"

/* One parameter under construction. */
struct parameter {
	enum fc_status (*put)(void *context, const char *name, const char *value,
			      struct fc_error *err);
	void *context;
	struct fc_buffer value; /* empty: no filter */
};

static void parameter_release(struct parameter *parameter)
{
	fc_buffer_release(&parameter->value);
}

static void add(struct parameter *parameter, const char *item)
{
	if (parameter->value.length > 0) {
		fc_buffer_append_text(&parameter->value, ",");
	}
	fc_buffer_append_text(&parameter->value, item);
}

static void add_number(struct parameter *parameter, uint64_t number)
{
	if (parameter->value.length > 0) {
		fc_buffer_append_text(&parameter->value, ",");
	}
	fc_buffer_printf(&parameter->value, "%" PRIu64, number);
}

/* Hand over the parameter and begin the next one. name NULL: the dialect does not have it. */
static enum fc_status finish(struct parameter *parameter, const char *name, struct fc_error *err)
{
	enum fc_status status = FC_OK;
	const char *value = fc_buffer_text(&parameter->value);
	if (!value) {
		return fc_fail_memory(err);
	}
	if (name && *value != '\0') {
		status = parameter->put(parameter->context, name, value, err);
	}
	fc_buffer_clear(&parameter->value);
	return status;
}

static enum fc_status
put_words(struct parameter *parameter, const char *name, unsigned bits, unsigned end,
	  const char *(*word)(const struct fc_platform_dialect *dialect, unsigned value),
	  const struct fc_platform_dialect *dialect, struct fc_error *err)
{
	for (unsigned value = 0; value < end; value++) {
		const char *text = bits >> value & 1 ? word(dialect, value) : NULL;
		if (text) {
			add(parameter, text);
		}
	}
	return finish(parameter, name, err);
}

static const char *result_word(const struct fc_platform_dialect *dialect, unsigned value)
{
	return fc_platform_result_word(dialect, (enum fc_result)value);
}

/* 0 is male, 1 is female. */
static const char *sex_word(const struct fc_platform_dialect *dialect, unsigned value)
{
	(void)dialect;
	return value == FC_SEX_MALE ? "0" : value == FC_SEX_FEMALE ? "1" : NULL;
}

static const char *mood_word(const struct fc_platform_dialect *dialect, unsigned value)
{
	return fc_platform_mood_word(dialect, (enum fc_mood)value);
}

static const char *liveness_word(const struct fc_platform_dialect *dialect, unsigned value)
{
	(void)dialect;
	return fc_liveness_name((enum fc_liveness)value);
}

static enum fc_status put_numbers(struct parameter *parameter, const char *name,
				  const uint64_t *numbers, size_t count, struct fc_error *err)
{
	for (size_t i = 0; i < count; i++) {
		add_number(parameter, numbers[i]);
	}
	return finish(parameter, name, err);
}

static enum fc_status put_time(struct parameter *parameter, const char *name, bool is_set,
			       int64_t time, struct fc_error *err)
{
	char text[FC_PLATFORM_TIME_SIZE];
	if (is_set) {
		fc_platform_format_time(time, text);
		add(parameter, text);
	}
	return finish(parameter, name, err);
}

enum fc_status fc_platform_filter_each(const struct fc_platform_filter *filter,
				       const struct fc_platform_dialect *dialect,
				       enum fc_status (*put)(void *context, const char *name,
							     const char *value,
							     struct fc_error *err),
				       void *context, struct fc_error *err)
{
	FC_CLEANUP(parameter_release)
	struct parameter parameter = { .put = put, .context = context };
	const uint64_t age_from = filter->age_from;
	const uint64_t age_to = filter->age_to;
	for (size_t i = 0; i < filter->pid_count; i++) {
		char pid[FC_UUID_TEXT_SIZE];
		const char *other = filter->other_ids ? filter->other_ids[i] : NULL;
		add(&parameter, fc_person_id_text(&filter->pids[i], other, pid));
	}
	FC_TRY(finish(&parameter, dialect->pids, err));
	FC_TRY(put_words(&parameter, dialect->result_filter, filter->results & dialect->results,
			 FC_RESULT_END, result_word, dialect, err));
	FC_TRY(put_numbers(&parameter, "age_from", &age_from, filter->has_age_from, err));
	FC_TRY(put_numbers(&parameter, "age_to", &age_to, filter->has_age_to, err));
	FC_TRY(put_words(&parameter, "sex", filter->sexes, FC_SEX_END, sex_word, dialect, err));
	FC_TRY(put_words(&parameter, "mood", filter->moods, FC_MOOD_END, mood_word, dialect, err));
	FC_TRY(put_words(&parameter, dialect->liveness, filter->livenesses, FC_LIVENESS_END,
			 liveness_word, dialect, err));
	FC_TRY(put_numbers(&parameter, dialect->origin_filter, filter->origins,
			   filter->origin_count, err));
	FC_TRY(put_numbers(&parameter, "spaces_ids", filter->spaces, filter->space_count, err));
	FC_TRY(put_time(&parameter, "date_from", filter->has_since, filter->since, err));
	return put_time(&parameter, "date_to", filter->has_until, filter->until, err);
}

static enum fc_status append(void *context, const char *name, const char *value,
			     struct fc_error *err)
{
	struct fc_buffer *out = context;
	(void)err;
	fc_buffer_printf(out, "&%s=", name);
	fc_percent_append(out, value);
	return FC_OK;
}

enum fc_status fc_platform_filter_query(const struct fc_platform_filter *filter,
					const struct fc_platform_dialect *dialect,
					struct fc_buffer *out, struct fc_error *err)
{
	return fc_platform_filter_each(filter, dialect, append, out, err);
}
