/* The databases' names in the data file. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/databases.h"

const char *fc_database_name(enum fc_database database)
{
	static const char *const names[FC_DB_END] = {
		[FC_DB_META] = "meta",
		[FC_DB_SPACE] = "space",
		[FC_DB_SPACE_NAME] = "space_name",
		[FC_DB_PERSON] = "person",
		[FC_DB_PERSON_SPACE] = "person_space",
		[FC_DB_PERSON_NUMBER] = "person_number",
		[FC_DB_FACE] = "face",
		[FC_DB_FACE_PERSON] = "face_person",
		[FC_DB_FACE_PHOTO] = "face_photo",
		[FC_DB_ENTRY] = "entry",
		[FC_DB_ENTRY_PERSON] = "entry_person",
		[FC_DB_ENTRY_TIME] = "entry_time",
		[FC_DB_ENTRY_ORIGIN] = "entry_origin",
		[FC_DB_ENTRY_DAY] = "entry_day",
		[FC_DB_ORIGIN] = "origin",
		[FC_DB_ORIGIN_NAME] = "origin_name",
		[FC_DB_CROP] = "crop",
		[FC_DB_SEGMENT] = "segment",
		[FC_DB_CODES] = "codes",
		[FC_DB_PERSON_NAME] = "person_name",
		[FC_DB_CALIBRATION] = "calibration",
		[FC_DB_MEAN] = "mean",
		[FC_DB_CONTAINER] = "container",
		[FC_DB_FACE_UUID] = "face_uuid",
		[FC_DB_LEDGER_TASK] = "ledger_task",
		[FC_DB_LEDGER_ITEM] = "ledger_item",
		[FC_DB_LEDGER_PATH] = "ledger_path",
		[FC_DB_LEDGER_ITEM_PATH] = "ledger_item_path",
		[FC_DB_LEDGER_SUBJECT] = "ledger_subject",
		[FC_DB_DETECTED] = "detected",
		[FC_DB_DETECTED_TIME] = "detected_time",
		[FC_DB_SNAPSHOT] = "snapshot",
		[FC_DB_SNAPSHOT_PART] = "snapshot_part",
		[FC_DB_SNAPSHOT_JOB] = "snapshot_job",
	};
	return names[database];
}
