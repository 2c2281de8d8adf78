/* Hands each verb to the service that was opened. */
/* SPDX-License-Identifier: MIT */
#include "service/service.h"

#include "service/abilities.h"
#include "service/operations.h"

void fc_service_close(struct fc_service *service)
{
	if (service) {
		service->operations->close(service);
	}
}

const struct fc_model *fc_service_model(const struct fc_service *service, enum fc_model_role role)
{
	return service->operations->model ? service->operations->model(service, role) : NULL;
}

void fc_tally_count(struct fc_tally *tally, enum fc_status status)
{
	tally->photos++;
	if (status == FC_OK) {
		tally->done++;
		return;
	}
	if (tally->failed++ == 0) {
		tally->first_failure = status;
	}
}

void fc_tally_note(struct fc_tally *tally, enum fc_action action, enum fc_reason reason)
{
	tally->actions[action]++;
	tally->reasons[reason] += reason != FC_REASON_NONE;
}

enum fc_status fc_service_lacks(const struct fc_service *service, const char *verb,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer others = { 0 };
	fc_abilities_describe(verb, &others);
	const char *text = fc_buffer_text(&others);
	return text ? fc_fail(err, FC_UNSUPPORTED, "a service of type %s has no '%s'; %s",
			      service->operations->name, verb, text)
		    : fc_fail_memory(err);
}

enum fc_status fc_service_set(struct fc_service *service, const struct fc_set_request *request,
			      struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->set) {
		return fc_service_lacks(service, "set", err);
	}
	return service->operations->set(service, request, tally, err);
}

enum fc_status fc_service_recognize(struct fc_service *service,
				    const struct fc_recognize_request *request,
				    struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->recognize) {
		return fc_service_lacks(service, "recognize", err);
	}
	return service->operations->recognize(service, request, tally, err);
}

enum fc_status fc_service_delete(struct fc_service *service,
				 const struct fc_delete_request *request, struct fc_error *err)
{
	if (!service->operations->delete) {
		return fc_service_lacks(service, "delete", err);
	}
	return service->operations->delete (service, request, err);
}

enum fc_status fc_service_truncate(struct fc_service *service,
				   const struct fc_truncate_request *request,
				   struct fc_truncate_result *out, struct fc_error *err)
{
	if (!service->operations->truncate) {
		return fc_service_lacks(service, "truncate", err);
	}
	return service->operations->truncate(service, request, out, err);
}

enum fc_status fc_service_detect(struct fc_service *service,
				 const struct fc_detect_request *request, struct fc_tally *tally,
				 struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	if (!service->operations->detect) {
		return fc_service_lacks(service, "detect", err);
	}
	return service->operations->detect(service, request, tally, err);
}

enum fc_status fc_service_verify(struct fc_service *service,
				 const struct fc_verify_request *request,
				 struct fc_verify_result *out, struct fc_error *err)
{
	*out = (struct fc_verify_result){ .failed_photo = -1 };
	if (!service->operations->verify) {
		return fc_service_lacks(service, "verify", err);
	}
	return service->operations->verify(service, request, out, err);
}

enum fc_status fc_service_probe(struct fc_service *service, struct fc_error *err)
{
	if (!service->operations->probe) {
		return fc_service_lacks(service, "services check", err);
	}
	return service->operations->probe(service, err);
}

enum fc_status fc_service_space_list(struct fc_service *service, struct fc_space_summary **out,
				     size_t *count, struct fc_error *err)
{
	if (!service->operations->space_list) {
		return fc_service_lacks(service, "spaces list", err);
	}
	return service->operations->space_list(service, out, count, err);
}

enum fc_status fc_service_space_delete(struct fc_service *service, const char *space,
				       struct fc_error *err)
{
	if (!service->operations->space_delete) {
		return fc_service_lacks(service, "spaces delete", err);
	}
	return service->operations->space_delete(service, space, err);
}

enum fc_status fc_service_space_bands(struct fc_service *service, const char *space,
				      const struct fc_bands_change *change,
				      struct fc_space_bands *out, struct fc_error *err)
{
	if (!service->operations->space_bands) {
		return fc_service_lacks(service, "spaces thresholds", err);
	}
	return service->operations->space_bands(service, space, change, out, err);
}

enum fc_status fc_service_reembed(struct fc_service *service,
				  const struct fc_reembed_request *request,
				  struct fc_reembed_result *out, struct fc_error *err)
{
	*out = (struct fc_reembed_result){ 0 };
	if (!service->operations->reembed) {
		return fc_service_lacks(service, "gallery reembed", err);
	}
	return service->operations->reembed(service, request, out, err);
}

enum fc_status fc_service_space_calibrate(struct fc_service *service, const char *space,
					  const struct fc_calibration *calibration,
					  struct fc_error *err)
{
	if (!service->operations->space_calibrate) {
		return fc_service_lacks(service, "eval --write-space", err);
	}
	return service->operations->space_calibrate(service, space, calibration, err);
}

enum fc_status fc_service_survey(struct fc_service *service,
				 const struct fc_survey_request *request,
				 struct fc_survey_counts *counts, struct fc_error *err)
{
	*counts = (struct fc_survey_counts){ 0 };
	if (!service->operations->survey) {
		return fc_service_lacks(service, "status", err);
	}
	return service->operations->survey(service, request, counts, err);
}
