/* Labels of faces in any script, drawn with the fonts of the system. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/lettering.h"

#include <dlfcn.h>
#include <math.h>
#include <string.h>

bool fc_lettering_draw(struct fc_lettering *lettering, const char *text, uint32_t letter,
		       uint32_t width_maximum, struct fc_stencil *out)
{
	if (!lettering->tried && lettering->path) {
		void *module = dlopen(lettering->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
		void *symbol = module ? dlsym(module, FACECTL_LETTERING) : NULL;
		memcpy(&lettering->draw, &symbol, sizeof(symbol));
	}
	lettering->tried = true;
	return lettering->draw && lettering->draw(text, letter, width_maximum, out);
}

uint32_t fc_letter_height(uint32_t width, uint32_t height, const struct fc_box *face)
{
	float longer = (float)(width > height ? width : height);
	float smallest = fminf(96, fmaxf(8, longer / 160));
	float largest = fminf(96, fmaxf(10, longer / 50));
	float suits = (face->bottom - face->top) / 9;
	return (uint32_t)fmaxf(smallest, fminf(suits, largest));
}

#if FC_ADDRESS_SANITIZER
/* fontconfig keeps its patterns and fonts until the process ends, partly in memory of threads that have ended. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
#endif
