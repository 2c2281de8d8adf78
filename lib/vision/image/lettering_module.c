/* facectl-lettering.so: text of any script with the fonts of the system. The only user of Pango. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/lettering_module.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangoft2.h>
#include <stdlib.h>

/* The height of a capital as a share of the font's size; Noto Sans and DejaVu Sans have 0.71 to 0.73. */
static const double CAPITAL_HEIGHT = 0.714;

enum { SIDE_MAXIMUM = 8192 /* pixels of a stencil */ };

static void ignore_message(const gchar *domain, GLogLevelFlags level, const gchar *text,
			   gpointer context)
{
	(void)domain, (void)level, (void)text, (void)context;
}

/* Pango fails hard without any font. */
static bool has_fonts(void)
{
	FcConfig *config = FcInit() ? FcConfigReference(NULL) : NULL;
	const FcFontSet *fonts = config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
	bool found = fonts && fonts->nfont > 0;
	if (config) {
		FcConfigDestroy(config);
	}
	return found;
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

bool facectl_lettering(const char *text, uint32_t letter, uint32_t width_maximum,
		       struct fc_stencil *out)
{
	static PangoFontMap *map; /* caches the fonts; stays until the process ends */
	PangoRectangle ink, line;
	if (!map && has_fonts()) {
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
	uint8_t *pixels = NULL;
	if (pango_layout_get_unknown_glyphs_count(layout) == 0 && ink.width > 0 && width > 0 &&
	    height > 0 && width <= SIDE_MAXIMUM && height <= SIDE_MAXIMUM) {
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
