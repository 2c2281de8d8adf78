/* Write profiles as records. */
/* SPDX-License-Identifier: MIT */
#include "output/profile_record.h"

#include "service/answer/platform.h"

const struct record_field profile_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN_PROFILE(user_data), 0, "USER DATA" },
	{ RECORD_END },
};

void profile_record_fill(struct profile_record *record, const struct out *out,
			 const struct fc_profile *profile)
{
	*record = (struct profile_record){
		.name = profile->name,
		.space = profile->space[0] != '\0' ? profile->space : NULL,
		.person_id = profile->has_number ? (int64_t)profile->number : RECORD_ABSENT,
		.faces = profile->uncounted ? RECORD_ABSENT : (int64_t)profile->faces,
		.user_data = profile->user_data,
	};
	record->pid = fc_person_id_text(&profile->pid, profile->other_id, record->pid_text);
	record->created = time_cell_fill(record->created_text, out, profile->created);
	record->updated = time_cell_fill(record->updated_text, out, profile->updated);
}

enum fc_status profile_record_show(struct out *out, const struct fc_platform_dialect *dialect,
				   const struct fc_profile *profile, struct fc_error *err)
{
	struct profile_record record;
	if (out->format == FORMAT_JSON) {
		struct fc_json_writer json = fc_json_writer_of(&out->data, true);
		fc_answer_profile(&json, dialect, profile);
		fc_buffer_append_text(&out->data, "\n");
		return FC_OK;
	}
	profile_record_fill(&record, out, profile);
	return record_show(out, "profile", profile_fields, &record, TONE_PLAIN, err);
}
