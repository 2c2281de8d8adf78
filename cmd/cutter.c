/* Choose a face of a photo on this machine, for a remote service that accepts photos with one face only. */
/* SPDX-License-Identifier: MIT */
#include "cutter.h"

#include "interrupt.h"

/* The local engine with one worker, which has only a detector. */
static enum fc_status open_local(struct cutter *cutter, struct fc_error *err)
{
	struct fc_local_options *options = &cutter->engine.options;
	enum fc_status status =
		engine_init(&cutter->engine, cutter->ctx->settings, 1, interrupt_watch(), err);
	if (status == FC_OK) {
		options->embedder = NULL;
		options->no_templates = true;
		options->ignores_gallery = true;
		options->workers.report_incomplete_sandbox = engine_report_sandbox;
		options->workers.context = cutter->ctx->out;
		status = fc_local_open(options, &cutter->local, err);
	}
	if (status != FC_OK) {
		engine_release(&cutter->engine);
	}
	return status;
}

static enum fc_status cut(void *context, int fd, const char *path,
			  const struct fc_face_choice *choice, struct fc_cutout *out,
			  enum fc_status *photo_status, struct fc_error *photo_err,
			  struct fc_error *err)
{
	struct cutter *cutter = context;
	struct fc_error why = { 0 };
	bool optional = choice->rule == FC_FACE_MAIN;
	if (optional && cutter->failed) {
		return FC_OK;
	}
	enum fc_status status = cutter->local ? FC_OK : open_local(cutter, &why);
	if (status == FC_OK) {
		status = fc_local_cut(cutter->local, fd, path, choice, out, photo_status, photo_err,
				      &why);
	}
	if (status == FC_OK || status == FC_NO_MEMORY || !optional) {
		return status == FC_OK
			       ? FC_OK
			       : fc_fail(err, status,
					 "--face needs a detector on this machine, because the "
					 "service has no such option: %s",
					 why.text);
	}
	cutter->failed = true;
	out_note(
		cutter->ctx->out,
		"the service decides which face it uses of photos with several, because this machine "
		"cannot find them: %s",
		why.text);
	return FC_OK;
}

struct fc_cutter cutter_init(struct cutter *cutter, const struct command_context *ctx)
{
	*cutter = (struct cutter){ .ctx = ctx };
	return (struct fc_cutter){ cut, cutter };
}

void cutter_release(struct cutter *cutter)
{
	fc_service_close(cutter->local);
	engine_release(&cutter->engine);
	*cutter = (struct cutter){ 0 };
}
