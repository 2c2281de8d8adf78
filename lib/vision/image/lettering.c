/* Text of any script with the fonts of the system. The only user of Pango. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/lettering.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangoft2.h>
#include <stdlib.h>

/* The height of a capital as a share of the font's size; Noto Sans and DejaVu Sans have 0.71 to 0.73. */
static const double CAPITAL_HEIGHT = 0.714;

static void ignore_message(const gchar *domain, GLogLevelFlags level, const gchar *text,
			   gpointer context)
{
	(void)domain, (void)level, (void)text, (void)context;
}

/* The number of installed fonts. Calls allow, unless it is NULL, for the file of each one. */
static int list_fonts(void (*allow)(void *context, const char *path), void *context)
{
	FcConfig *config = FcInit() ? FcConfigReference(NULL) : NULL;
	const FcFontSet *fonts = config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
	int count = fonts ? fonts->nfont : 0;
	for (int i = 0; allow && i < count; i++) {
		FcChar8 *path;
		if (FcPatternGetString(fonts->fonts[i], FC_FILE, 0, &path) == FcResultMatch) {
			allow(context, (const char *)path);
		}
	}
	if (config) {
		FcConfigDestroy(config);
	}
	return count;
}

void fc_lettering_files(void (*allow)(void *context, const char *path), void *context)
{
	list_fonts(allow, context);
}

static PangoLayout *layout_of(PangoFontMap *map, const char *text, uint32_t letter,
			      uint32_t width_maximum)
{
	PangoContext *context = pango_font_map_create_context(map);
	PangoLayout *layout = pango_layout_new(context);
	PangoFontDescription *font =
		pango_font_description_from_string("Noto Sans,DejaVu Sans,Sans");
	pango_font_description_set_weight(font, PANGO_WEIGHT_SEMIBOLD);
	pango_font_description_set_absolute_size(font, letter / CAPITAL_HEIGHT * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, text, -1);
	int width = 0;
	pango_layout_get_pixel_size(layout, &width, NULL);
	if (width > (int)width_maximum) {
		pango_layout_set_width(layout, (int)width_maximum * PANGO_SCALE);
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
	}
	pango_font_description_free(font);
	g_object_unref(context);
	return layout;
}

bool fc_lettering_draw(const char *text, uint32_t letter, uint32_t width_maximum,
		       struct fc_stencil *out)
{
	static PangoFontMap *map; /* caches the fonts; stays until the process ends */
	PangoRectangle ink, line;
	/* Pango fails hard without any font. */
	if (!map && list_fonts(NULL, NULL) > 0) {
		g_log_set_default_handler(ignore_message, NULL);
		map = pango_ft2_font_map_new();
		pango_ft2_font_map_set_resolution(PANGO_FT2_FONT_MAP(map), 72, 72);
	}
	if (!map) {
		return false;
	}
	PangoLayout *layout = layout_of(map, text, letter, width_maximum);
	pango_layout_get_pixel_extents(layout, &ink, &line);
	int left = MIN(ink.x, line.x), right = MAX(ink.x + ink.width, line.x + line.width);
	int top = MIN(ink.y, line.y), bottom = MAX(ink.y + ink.height, line.y + line.height);
	int width = right - left, height = bottom - top;
	const struct fc_stencil size = { (uint32_t)width, (uint32_t)height, NULL };
	uint8_t *pixels = NULL;
	if (pango_layout_get_unknown_glyphs_count(layout) == 0 && ink.width > 0 && width > 0 &&
	    height > 0 && fc_stencil_fits(&size, letter, width_maximum)) {
		pixels = calloc((size_t)width, (size_t)height);
	}
	if (pixels) {
		FT_Bitmap bitmap = {
			.rows = (unsigned)height,
			.width = (unsigned)width,
			.pitch = width,
			.buffer = pixels,
			.num_grays = 256,
			.pixel_mode = FT_PIXEL_MODE_GRAY,
		};
		pango_ft2_render_layout(&bitmap, layout, -left, -top);
		*out = (struct fc_stencil){ (uint32_t)width, (uint32_t)height, pixels };
	}
	g_object_unref(layout);
	return pixels != NULL;
}
