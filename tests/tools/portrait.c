/* Head and shoulders of a drawn person. */
/* SPDX-License-Identifier: MIT */
#include "portrait.h"

#include <math.h>

/* The state of a drawing. */
struct drawing {
	struct canvas *canvas;
	struct frame frame;
	const struct person *who;
	const struct pose *how;
};

static void fill(const struct drawing *drawing, struct egg egg, struct colour colour,
		 double opacity, double soft)
{
	struct paint paint = { colour, opacity, soft };
	canvas_fill(drawing->canvas, &drawing->frame, &egg, &paint);
}

static void stroke(const struct drawing *drawing, double x0, double y0, double x1, double y1,
		   double width, struct colour colour, double opacity)
{
	struct paint paint = { colour, opacity, 0.3 };
	canvas_stroke(drawing->canvas, &drawing->frame, x0, y0, x1, y1, width, &paint);
}

/* The position of a point at `depth` in front of the head when the head is turned. */
static double across(const struct drawing *drawing, double x, double depth)
{
	double far = x * drawing->how->yaw < 0 ? 1 : -1;
	return x * (1 - 0.4 * far * fabs(drawing->how->yaw)) + drawing->how->yaw * depth;
}

static double down(const struct drawing *drawing, double y, double depth)
{
	return y + drawing->how->tilt * depth;
}

static const struct colour BLACK = { 12, 10, 10 };
static const struct colour WHITE = { 250, 250, 250 };

/* Strands inside an egg, so that hair and beards are not flat. */
static void strands(const struct drawing *drawing, const struct egg *egg, struct colour colour,
		    int count, double length)
{
	struct dice dice = dice_of(drawing->who->identity * 131 + (uint64_t)count);
	for (int i = 0; i < count; i++) {
		double u = dice_between(&dice, -1, 1), v = dice_between(&dice, -1, 1);
		double tone = dice_between(&dice, 0.6, 1.5);
		double bend = dice_between(&dice, -0.3, 0.3) * length;
		if (u * u + v * v > 1 || v < egg->from || (egg->to > egg->from && v > egg->to) ||
		    u * u + v * v < egg->hole * egg->hole) {
			continue;
		}
		double x = egg->x + u * egg->a * (1 + egg->taper * v), y = egg->y + v * egg->b;
		stroke(drawing, x, y, x + bend + u * length * 0.4, y + length, 0.018,
		       colour_shade(colour, tone), 0.5);
	}
}

static void draw_behind(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double w = who->width;
	if (who->hair_kind == HAIR_LONG) {
		struct egg back = { 0, 0.25, w * 1.28, 1.35, .square = 0.4, .taper = 0.08 };
		fill(drawing, back, colour_shade(who->hair, 0.75), 1, 0);
		strands(drawing, &back, who->hair, 500, 0.3);
	} else if (who->hair_kind == HAIR_BUSHY) {
		struct egg back = { 0, -0.35, w * 1.55, 1.15 };
		fill(drawing, back, colour_shade(who->hair, 0.8), 1, 0.08);
		strands(drawing, &back, who->hair, 900, 0.06);
	} else if (who->hair_kind == HAIR_SCARF) {
		struct egg back = { 0, 0.15, w * 1.32, 1.45, .square = 0.2 };
		fill(drawing, back, who->cloth, 1, 0);
	}
	struct egg body = { 0, 2.1, 1.75, 0.95, .square = 0.35 };
	fill(drawing, body, colour_shade(who->cloth, 0.9), 1, 0);
	struct egg collar = { 0, 1.32, w * 0.62, 0.26 };
	fill(drawing, collar, colour_shade(who->skin, 0.8), 1, 0.1);
	struct egg neck = { 0, 0.95, w * 0.55, 0.55, .square = 0.7 };
	fill(drawing, neck, colour_shade(who->skin, 0.78), 1, 0.05);
}

static void draw_ears(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	if (who->hair_kind == HAIR_LONG || who->hair_kind == HAIR_SCARF) {
		return;
	}
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * who->width * 1.02, -0.3);
		struct egg ear = { x, 0.02, 0.1, 0.21 };
		fill(drawing, ear, colour_shade(who->skin, 0.9), 1, 0.05);
		struct egg inner = { x, 0.02, 0.05, 0.13 };
		fill(drawing, inner, colour_shade(who->skin, 0.7), 0.8, 0.5);
		if (who->earrings) {
			struct egg ring = { x, 0.3, 0.05, 0.07 };
			fill(drawing, ring, (struct colour){ 230, 200, 90 }, 1, 0.1);
		}
	}
}

static void draw_skin(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double w = who->width;
	struct egg face = { 0, 0, w, 1, .taper = who->jaw * 0.6, .square = who->square };
	double light = drawing->how->light;
	fill(drawing, face, colour_shade(who->skin, 0.74), 1, 0.01);
	fill(drawing, face, who->skin, 1, 0.45);
	struct egg lit = { light * w * 0.35, -0.2, w * 0.75, 0.8 };
	fill(drawing, lit, colour_shade(who->skin, 1.16), 0.55, 1);
	struct egg forehead = { light * w * 0.1, -0.6, w * 0.6, 0.32 };
	fill(drawing, forehead, colour_shade(who->skin, 1.14), 0.5, 1);
	struct egg shadow = { -light * w * 0.85, 0.1, w * 0.5, 1 };
	fill(drawing, shadow, colour_shade(who->skin, 0.55), 0.4 * fabs(light), 1);
	struct colour blush = colour_mix(who->skin, (struct colour){ 214, 86, 86 }, 0.5);
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * w * 0.55, 0.7);
		struct egg cheek = { x, down(drawing, 0.24, 0.7), w * 0.3, 0.24 };
		fill(drawing, cheek, blush, who->cheeks + (who->made_up ? 0.2 : 0), 1);
		struct egg hollow = { side * w * 0.72, 0.5, w * 0.22, 0.34, .lean = side * 0.12 };
		fill(drawing, hollow, colour_shade(who->skin, 0.66), 0.35 + 0.3 * who->age, 1);
	}
	struct dice dice = dice_of(who->identity + 99);
	for (int i = 0; i < (int)(160 * who->freckles); i++) {
		double x = dice_between(&dice, -0.65, 0.65) * w,
		       y = dice_between(&dice, -0.1, 0.45);
		struct egg spot = { across(drawing, x, 0.8), down(drawing, y, 0.8), 0.016, 0.016 };
		fill(drawing, spot, colour_mix(who->skin, (struct colour){ 120, 60, 30 }, 0.6), 0.7,
		     0.4);
	}
	for (int line = 0; line < 3; line++) {
		struct egg crease = { across(drawing, 0, 0.9),
				      down(drawing, -0.52 - 0.11 * line, 0.8),
				      w * 0.5,
				      0.05,
				      .from = -1,
				      .to = 0,
				      .hole = 0.75 };
		fill(drawing, crease, colour_shade(who->skin, 0.6), 0.5 * who->age, 0.15);
	}
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * (who->nose_width + 0.05), 0.95);
		double y = who->eye_height + who->nose_length;
		stroke(drawing, x, y, x + side * 0.1, who->mouth_height - 0.02, 0.03,
		       colour_shade(who->skin, 0.6), 0.15 + 0.6 * who->age);
	}
}

static void draw_beard(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double w = who->width, mouth = down(drawing, who->mouth_height, 0.9);
	double x = across(drawing, 0, 0.9);
	struct egg beard = { 0,
			     0.12,
			     w * 1.01,
			     0.98,
			     .taper = who->jaw * 0.6,
			     .square = who->square,
			     .from = 0.22,
			     .to = 1,
			     .hole = 0.55 };
	switch (who->beard) {
	case BEARD_STUBBLE: {
		struct egg shadow = { x * 0.5, 0.6, w * 0.72, 0.44, .square = 0.4 };
		fill(drawing, shadow, colour_mix(who->skin, who->hair, 0.75), 0.6, 0.5);
		break;
	}
	case BEARD_FULL:
		fill(drawing, beard, colour_shade(who->hair, 0.9), 0.95, 0.05);
		strands(drawing, &beard, who->hair, 700, 0.1);
		break;
	case BEARD_CHIN: {
		struct egg tuft = { x * 0.6, 0.88, 0.22, 0.24, .taper = -0.2, .square = 0.3 };
		fill(drawing, tuft, who->hair, 0.95, 0.2);
		strands(drawing, &tuft, who->hair, 120, 0.08);
		break;
	}
	default:
		break;
	}
	if (who->moustache) {
		struct egg whiskers = { x,
					mouth - who->lip_thick - 0.04,
					who->mouth_width * 1.05,
					0.1,
					.taper = 0.3,
					.square = 0.3 };
		fill(drawing, whiskers, who->hair, 0.95, 0.25);
		strands(drawing, &whiskers, who->hair, 100, 0.06);
	}
}

static void draw_nose(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double top = down(drawing, who->eye_height, 0.8);
	double y = down(drawing, who->eye_height + who->nose_length, 1.3);
	double n = who->nose_width;
	double x = across(drawing, 0, 1.35), root = across(drawing, 0, 0.95);
	double light = drawing->how->light;
	for (int side = -1; side <= 1; side += 2) {
		double dark = 0.35 + (side * light < 0 ? 0.25 : 0);
		struct egg flank = { (x + root) / 2 + side * n * 0.62, (top + y) / 2, n * 0.42,
				     (y - top) * 0.62, .taper = 0.35 };
		fill(drawing, flank, colour_shade(who->skin, 0.62), dark, 1);
	}
	struct egg bridge = { (x + root) / 2, (top + y) / 2, n * 0.38, (y - top) * 0.6 };
	fill(drawing, bridge, colour_shade(who->skin, 1.2), 0.6, 1);
	struct egg under = { x, y + n * 0.45, n * 1.1, n * 0.4 };
	fill(drawing, under, colour_shade(who->skin, 0.55), 0.6, 1);
	for (int side = -1; side <= 1; side += 2) {
		struct egg wing = { x + side * n * 0.72, y, n * 0.36, n * 0.34 };
		fill(drawing, wing, colour_shade(who->skin, 0.88), 0.9, 0.6);
		struct egg nostril = { x + side * n * 0.45, y + n * 0.26, n * 0.24, n * 0.15 };
		fill(drawing, nostril, colour_shade(who->skin, 0.3), 0.85, 0.4);
	}
	struct egg tip = { x, y - n * 0.1, n * 0.6, n * 0.52 };
	fill(drawing, tip, colour_shade(who->skin, 1.1), 0.8, 0.8);
}

static void draw_mouth(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double x = across(drawing, 0, 1), y = down(drawing, who->mouth_height, 0.95);
	double w = who->mouth_width, t = who->lip_thick;
	double open = drawing->how->mouth_open + (who->smile > 0.1 ? 0.04 : 0);
	struct egg below = { x, y + t * 1.9 + open, w * 0.6, t * 0.9 };
	fill(drawing, below, colour_shade(who->skin, 0.6), 0.5, 1);
	struct egg lower = { x, y + open, w * 0.82, t * 1.15, .from = -0.1, .to = 1 };
	fill(drawing, lower, who->lips, 0.95, 0.3);
	struct egg shine = { x, y + open + t * 0.5, w * 0.4, t * 0.3 };
	fill(drawing, shine, colour_mix(who->lips, WHITE, 0.5), 0.4, 1);
	for (int side = -1; side <= 1; side += 2) {
		struct egg upper = { x + side * w * 0.36,
				     y - t * 0.1,
				     w * 0.6,
				     t * 0.8,
				     .lean = -side * who->smile * 0.5,
				     .from = -1,
				     .to = 0.3 };
		fill(drawing, upper, colour_shade(who->lips, 0.85), 0.95, 0.3);
	}
	if (open > 0.03) {
		struct egg teeth = { x, y, w * 0.7, open * 1.1, .square = 0.3 };
		fill(drawing, teeth, (struct colour){ 90, 30, 34 }, 1, 0.1);
		teeth.y -= open * 0.2;
		teeth.b *= 0.7;
		fill(drawing, teeth, (struct colour){ 238, 234, 224 }, 0.95, 0.2);
	}
	for (int side = -1; side <= 1; side += 2) {
		stroke(drawing, x, y, x + side * w, y - who->smile * w, 0.025,
		       colour_shade(who->lips, 0.35), 0.9);
	}
}

static void draw_eyes(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double y = down(drawing, who->eye_height, 0.9);
	double w = who->eye_width, h = who->eye_open;
	struct colour lid = who->made_up ? colour_mix(who->skin, (struct colour){ 70, 50, 90 }, 0.5)
					 : colour_shade(who->skin, 0.72);
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * who->eye_apart, 0.9);
		double lean = -side * who->eye_slant;
		struct egg socket = { x, y - h * 0.3, w * 1.45, h * 1.6 + 0.06 };
		fill(drawing, socket, lid, 0.65, 1);
		struct egg bag = { x, y + h * 1.35, w * 1.1, 0.08 };
		fill(drawing, bag, colour_shade(who->skin, 0.6), 0.2 + 0.5 * who->age, 1);
		struct egg white = { x, y, w, h, .lean = lean };
		fill(drawing, white, (struct colour){ 232, 228, 224 }, 1, 0.12);
		double look = x + drawing->how->yaw * 0.1;
		double iris = fmin(w * 0.52, h * 1.15);
		struct egg ring = { look, y, iris, fmin(iris, h) };
		fill(drawing, ring, colour_shade(who->iris, 0.5), 1, 0.05);
		ring.a *= 0.86;
		ring.b *= 0.86;
		fill(drawing, ring, who->iris, 1, 0.3);
		struct egg pupil = { look, y, iris * 0.45, fmin(iris * 0.45, h) };
		fill(drawing, pupil, BLACK, 1, 0.1);
		struct egg glint = { look + iris * 0.3, y - h * 0.3, iris * 0.18, iris * 0.18 };
		fill(drawing, glint, WHITE, 0.9, 0.4);
		struct egg upper = { x,
				     y,
				     w * 1.1,
				     h * 1.2,
				     .lean = lean,
				     .from = -1,
				     .to = -0.05,
				     .hole = who->made_up ? 0.74 : 0.84 };
		fill(drawing, upper, BLACK, 0.85, 0.06);
		struct egg crease = { x,          y - h * 0.25, w * 1.2,    h * 1.6, .lean = lean,
				      .from = -1, .to = -0.35,  .hole = 0.9 };
		fill(drawing, crease, colour_shade(who->skin, 0.45), 0.6, 0.06);
		struct egg lower = { x,           y,       w * 1.02,    h * 1.1, .lean = lean,
				     .from = 0.3, .to = 1, .hole = 0.88 };
		fill(drawing, lower, colour_shade(who->skin, 0.45), 0.6, 0.06);
	}
}

static void draw_brows(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	struct colour colour = colour_shade(who->hair, 0.8);
	double y = down(drawing, who->eye_height - who->eye_open - who->brow_height * 0.6, 0.9);
	double w = who->eye_width;
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * who->eye_apart, 0.9);
		double slant = who->brow_slant * w;
		double inner = x - side * w * 1.15, outer = x + side * w * 1.35;
		stroke(drawing, inner, y + slant, x + side * w * 0.3, y - 0.03, who->brow_thick,
		       colour, 0.95);
		stroke(drawing, x + side * w * 0.3, y - 0.03, outer, y + 0.05 - slant * 0.5,
		       who->brow_thick * 0.8, colour, 0.9);
	}
}

static void draw_hair(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	double w = who->width, f = who->fringe;
	switch (who->hair_kind) {
	case HAIR_SHORT: {
		struct egg cap = {
			0, -0.22, w * 1.08, 1.0, .from = -1, .to = (f + 0.22), .square = 0.2
		};
		fill(drawing, cap, who->hair, 1, 0.02);
		strands(drawing, &cap, who->hair, 600, 0.14);
		break;
	}
	case HAIR_SIDE:
	case HAIR_LONG: {
		for (int side = -1; side <= 1; side += 2) {
			double share = side < 0 ? 0.75 : 0.5;
			struct egg half = { side * w * 0.55, f * 0.98, w * share, 0.42,
					    .lean = side * (0.1 + 0.2 * (1 + f)) };
			fill(drawing, half, who->hair, 1, 0.04);
			strands(drawing, &half, who->hair, 300, 0.12);
		}
		struct egg crown = {
			0, -0.25, w * 1.12, 1.02, .from = -1, .to = fmin(f + 0.1, -0.5)
		};
		fill(drawing, crown, who->hair, 1, 0.02);
		strands(drawing, &crown, who->hair, 400, 0.16);
		if (who->hair_kind == HAIR_LONG) {
			for (int side = -1; side <= 1; side += 2) {
				struct egg lock = { side * w * 1.06, 0.25, w * 0.24, 1.05 };
				fill(drawing, lock, who->hair, 1, 0.05);
				strands(drawing, &lock, who->hair, 200, 0.25);
			}
		}
		break;
	}
	case HAIR_BUSHY: {
		struct egg top = { 0, -0.75, w * 1.2, 0.62 - 0.3 * (f + 0.5), .square = 0.1 };
		top.to = 0.7;
		top.from = -1;
		fill(drawing, top, who->hair, 1, 0.1);
		strands(drawing, &top, who->hair, 900, 0.05);
		break;
	}
	case HAIR_CAP: {
		struct egg dome = { 0,          -0.45,           w * 1.14,     0.85,
				    .from = -1, .to = (f + 0.5), .square = 0.3 };
		fill(drawing, dome, colour_shade(who->cloth, 1.1), 1, 0.02);
		struct egg brim = { drawing->how->yaw, f + 0.05, w * 1.12, 0.1, .square = 0.4 };
		fill(drawing, brim, colour_shade(who->cloth, 0.6), 1, 0.05);
		break;
	}
	case HAIR_SCARF: {
		struct egg scarf = { 0, 0.02, w * 1.2, 1.2, .hole = 0.83, .square = 0.1 };
		fill(drawing, scarf, colour_shade(who->cloth, 1.05), 1, 0.03);
		struct egg fold = { 0, 1.25, w * 0.95, 0.42 };
		fill(drawing, fold, colour_shade(who->cloth, 0.85), 1, 0.1);
		break;
	}
	default:
		break;
	}
}

static void draw_glasses(const struct drawing *drawing)
{
	const struct person *who = drawing->who;
	if (who->glasses == GLASSES_NONE) {
		return;
	}
	bool heavy = who->glasses == GLASSES_HEAVY;
	double y = down(drawing, who->eye_height + 0.03, 1);
	double a = heavy ? who->eye_width * 1.6 : who->eye_width * 1.45,
	       b = heavy ? a * 0.75 : a * 0.9;
	struct colour rim = heavy ? (struct colour){ 26, 22, 24 } : (struct colour){ 120, 100, 70 };
	double thick = heavy ? 0.06 : 0.025;
	for (int side = -1; side <= 1; side += 2) {
		double x = across(drawing, side * who->eye_apart, 1.05);
		struct egg lens = { x, y, a, b, .square = heavy ? 0.8 : 0.1 };
		fill(drawing, lens, (struct colour){ 210, 225, 235 }, 0.1, 0);
		lens.hole = 1 - 1.6 * thick / a;
		fill(drawing, lens, rim, 0.95, 0);
		stroke(drawing, x + side * a, y - 0.02, side * who->width, y - 0.06, thick, rim,
		       0.9);
		stroke(drawing, x - side * a, y - 0.02, across(drawing, 0, 1.15), y - 0.05, thick,
		       rim, 0.95);
	}
}

void portrait_draw(struct canvas *canvas, const struct frame *frame, const struct person *who,
		   const struct pose *how)
{
	struct drawing drawing = { canvas, *frame, who, how };
	drawing.frame.x += how->x * frame->scale;
	drawing.frame.y += how->y * frame->scale;
	drawing.frame.scale *= how->scale;
	drawing.frame.lean += how->lean;
	draw_behind(&drawing);
	draw_ears(&drawing);
	draw_skin(&drawing);
	draw_beard(&drawing);
	draw_nose(&drawing);
	draw_mouth(&drawing);
	draw_eyes(&drawing);
	draw_brows(&drawing);
	draw_hair(&drawing);
	draw_glasses(&drawing);
}
