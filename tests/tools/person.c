/* Drawn people. */
/* SPDX-License-Identifier: MIT */
#include "person.h"

static struct colour skin_tone(struct dice *dice)
{
	static const struct colour tones[] = {
		{ 250, 222, 202 }, { 236, 190, 158 }, { 212, 158, 118 },
		{ 166, 112, 76 },  { 118, 76, 52 },   { 74, 48, 36 },
	};
	int tone = dice_below(dice, 6);
	int other = tone < 5 ? tone + 1 : tone - 1;
	return colour_mix(tones[tone], tones[other], dice_between(dice, 0, 0.5));
}

static struct colour hair_colour(struct dice *dice)
{
	static const struct colour colours[] = {
		{ 22, 18, 18 },  { 52, 34, 24 },    { 104, 66, 38 },   { 206, 168, 104 },
		{ 170, 74, 34 }, { 128, 126, 124 }, { 226, 224, 220 },
	};
	int which = dice_below(dice, 7);
	return colour_shade(colours[which], dice_between(dice, 0.85, 1.15));
}

static struct colour any_colour(struct dice *dice, double low, double high)
{
	struct colour colour;
	colour.red = (float)dice_between(dice, low, high);
	colour.green = (float)dice_between(dice, low, high);
	colour.blue = (float)dice_between(dice, low, high);
	return colour;
}

struct person person_of(uint64_t identity)
{
	static const struct colour irises[] = {
		{ 52, 32, 20 },  { 104, 72, 34 },   { 74, 112, 150 },
		{ 92, 124, 84 }, { 120, 130, 138 },
	};
	struct dice dice = dice_of(identity * 7919 + 17);
	struct dice *d = &dice;
	struct person who = { .identity = identity };
	bool man = dice_below(d, 2) == 0;
	who.skin = skin_tone(d);
	who.hair = hair_colour(d);
	who.iris = irises[dice_below(d, 5)];
	who.cloth = any_colour(d, 30, 190);
	who.hair_kind = (enum hair)dice_below(d, HAIR_KINDS);
	if (!man && who.hair_kind == HAIR_BALD) {
		who.hair_kind = HAIR_LONG;
	} else if (man && who.hair_kind == HAIR_SCARF) {
		who.hair_kind = HAIR_CAP;
	}
	who.beard = man ? (enum beard)dice_below(d, BEARD_KINDS) : BEARD_NONE;
	who.moustache = man && dice_below(d, 3) == 0;
	who.glasses = dice_below(d, 5) < 3 ? GLASSES_NONE : (enum glasses)(1 + dice_below(d, 2));
	who.made_up = !man && dice_below(d, 2) == 0;
	who.earrings = !man && dice_below(d, 2) == 0;
	struct colour red = { 176, 40, 56 };
	struct colour natural =
		colour_mix(colour_shade(who.skin, 0.82), (struct colour){ 190, 92, 92 }, 0.4);
	who.lips = who.made_up ? red : natural;
	who.width = dice_between(d, 0.66, 0.9);
	who.jaw = dice_between(d, -0.3, man ? 0.05 : -0.1);
	who.square = dice_between(d, 0, man ? 0.6 : 0.3);
	who.eye_apart = who.width * dice_between(d, 0.40, 0.52);
	who.eye_height = -dice_between(d, 0.06, 0.26);
	who.eye_width = who.width * dice_between(d, 0.17, 0.27);
	who.eye_open = who.eye_width * dice_between(d, 0.28, 0.7);
	who.eye_slant = dice_between(d, -0.12, 0.12);
	who.brow_height = dice_between(d, 0.1, 0.26);
	who.brow_thick = dice_between(d, 0.02, man ? 0.1 : 0.06);
	who.brow_slant = dice_between(d, -0.18, 0.18);
	who.nose_length = dice_between(d, 0.28, 0.52);
	who.nose_width = who.width * dice_between(d, 0.14, 0.32);
	who.mouth_height = dice_between(d, 0.46, 0.64);
	who.mouth_width = who.width * dice_between(d, 0.28, 0.52);
	who.lip_thick = dice_between(d, 0.03, 0.13);
	who.smile = dice_between(d, -0.06, 0.16);
	who.fringe = dice_between(d, -0.95, -0.62);
	double age = dice_between(d, -0.6, 1);
	who.age = age > 0 ? age : 0;
	who.freckles = dice_below(d, 6) == 0 ? dice_between(d, 0.3, 0.8) : 0;
	who.cheeks = dice_between(d, 0, 0.35);
	return who;
}

struct pose pose_of(uint64_t identity, uint64_t pose)
{
	struct dice dice = dice_of(identity * 1000003 + pose * 31 + 5);
	struct dice *d = &dice;
	struct pose how;
	how.yaw = dice_between(d, -0.1, 0.1);
	how.tilt = dice_between(d, -0.04, 0.04);
	how.lean = dice_between(d, -0.05, 0.05);
	how.light = dice_between(d, -1, 1);
	how.mouth_open = dice_between(d, 0, 0.04);
	how.x = dice_between(d, -0.06, 0.06);
	how.y = dice_between(d, -0.06, 0.06);
	how.scale = dice_between(d, 0.95, 1.05);
	how.exposure = dice_between(d, 0.85, 1.12);
	how.background = any_colour(d, 90, 190);
	return how;
}
