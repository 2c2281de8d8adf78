/*
 * draw-faces: draws the photos for tests and demonstrations, so that no real person's face is needed. The same arguments give
 * the same pixels on every machine.
 */
/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drawn.h"
#include "picture.h"
#include "portrait.h"

enum { SIDE_MAXIMUM = 20000, PEOPLE_MAXIMUM = 64, SIZE_DEFAULT = 400 };

/* In units of half the height of a face. */
static const double BLUR = 0.0144, LARGEST_SCALE = 400;

static const char USAGE[] =
	"usage: draw-faces [OPTION...] OUT IDENTITY [POSE [SIZE]]\n"
	"       draw-faces [OPTION...] --group OUT IDENTITY[:POSE]...\n"
	"       draw-faces [OPTION...] --portrait OUT IDENTITY[:POSE]...\n"
	"       draw-faces --noise WxH OUT [SEED]\n"
	"       draw-faces --cast\n"
	"\n"
	"OUT ends in .png, .jpg or .ppm. IDENTITY, the person, is a name of the cast or a number.\n"
	"POSE is the number of a photo of that person, SIZE the photo's side in pixels.\n"
	"\n"
	"  -g, --group            several people side by side in one photo\n"
	"  -r, --portrait         one person in the middle, the others small at the sides\n"
	"  -c, --canvas WxH       a photo of this size, people as large as fit\n"
	"  -p, --place WxH:SHARE  a photo of this size, with a face whose height from hairline to\n"
	"                         chin is this share of the longer side\n"
	"  -o, --orientation N    store the pixels turned, with EXIF orientation N, 1 to 8 (JPEG)\n"
	"  -n, --noise WxH        no face at all\n"
	"  -l, --cast             list the names of the cast\n"
	"  -h, --help             show this\n";

struct subject {
	uint64_t identity, pose;
};

struct request {
	const char *out;
	bool group, portrait, noise; /* portrait: a group, too */
	int width, height, orientation;
	double share; /* 0: as large as fits */
	struct subject people[PEOPLE_MAXIMUM];
	int count;
};

static _Noreturn void fail(const char *what, const char *subject)
{
	fprintf(stderr, "draw-faces: %s: '%s'\n", what, subject);
	exit(2);
}

static uint64_t number(const char *text, const char *what, uint64_t maximum)
{
	char *end = NULL;
	unsigned long long value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > maximum) {
		fail(what, text);
	}
	return value;
}

static struct subject read_subject(char *text)
{
	struct subject who = { 0 };
	char *colon = strchr(text, ':');
	if (colon) {
		*colon = '\0';
		who.pose = number(colon + 1, "no pose", 1000000);
	}
	if (!cast_find(text, &who.identity)) {
		who.identity = number(text, "neither a name of the cast nor a number", 1000000000);
	}
	return who;
}

/* Read "WxH"; returns the text after it. */
static const char *read_size(const char *text, struct request *request)
{
	int read = 0;
	if (sscanf(text, "%5dx%5d%n", &request->width, &request->height, &read) != 2 ||
	    request->width < 16 || request->height < 16 || request->width > SIDE_MAXIMUM ||
	    request->height > SIDE_MAXIMUM) {
		fail("not a size such as 640x480", text);
	}
	return text + read;
}

static void read_place(const char *text, struct request *request)
{
	const char *rest = read_size(text, request);
	char *end = NULL;
	request->share = rest[0] == ':' ? strtod(rest + 1, &end) : 0;
	if (!end || *end != '\0' || !(request->share > 0.001 && request->share <= 1)) {
		fail("no place such as 4000x3000:0.02", text);
	}
}

static void list_cast(void)
{
	const char *name;
	for (int i = 0; (name = cast_name(i)); i++) {
		puts(name);
	}
}

static struct request parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "group", no_argument, NULL, 'g' },
		{ "portrait", no_argument, NULL, 'r' },
		{ "canvas", required_argument, NULL, 'c' },
		{ "place", required_argument, NULL, 'p' },
		{ "orientation", required_argument, NULL, 'o' },
		{ "noise", required_argument, NULL, 'n' },
		{ "cast", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct request request = { 0 };
	int option;
	while ((option = getopt_long(argc, argv, "grc:p:o:n:lh", options, NULL)) != -1) {
		switch (option) {
		case 'g':
			request.group = true;
			break;
		case 'r':
			request.group = true;
			request.portrait = true;
			break;
		case 'c':
			if (*read_size(optarg, &request) != '\0') {
				fail("not a size such as 640x480", optarg);
			}
			break;
		case 'p':
			read_place(optarg, &request);
			break;
		case 'o':
			request.orientation = (int)number(optarg, "no orientation from 1 to 8", 8);
			break;
		case 'n':
			request.noise = true;
			if (*read_size(optarg, &request) != '\0') {
				fail("not a size such as 640x480", optarg);
			}
			break;
		case 'l':
			list_cast();
			exit(0);
		case 'h':
			fputs(USAGE, stdout);
			exit(0);
		default:
			fputs(USAGE, stderr);
			exit(2);
		}
	}
	int left = argc - optind;
	char **words = argv + optind;
	int most = request.group ? 1 + PEOPLE_MAXIMUM : request.noise ? 2 : 4;
	if (left < (request.noise ? 1 : 2) || left > most) {
		fputs(USAGE, stderr);
		exit(2);
	}
	request.out = words[0];
	request.count = request.group ? left - 1 : left > 1 ? 1 : 0;
	for (int i = 0; i < request.count; i++) {
		request.people[i] = read_subject(words[1 + i]);
	}
	if (!request.group && left > 2) {
		request.people[0].pose = number(words[2], "no pose", 1000000);
	}
	int size = SIZE_DEFAULT;
	if (!request.group && left > 3) {
		size = (int)number(words[3], "no size in pixels", SIDE_MAXIMUM);
		size = size < 16 ? 16 : size;
	}
	if (request.width == 0) {
		request.width = request.portrait ? size * 3 / 2
				: request.group  ? size * (request.count * 29 + 7) / 36
						 : size;
		request.height = size;
	}
	return request;
}

/* Random shapes that are no face, with noise. */
static void draw_nothing(struct canvas *canvas, struct dice *dice)
{
	struct frame whole = { 0, 0, 1, 0 };
	double side = canvas->width < canvas->height ? canvas->width : canvas->height;
	for (int i = 0; i < 60; i++) {
		float grey = (float)dice_between(dice, 40, 210);
		struct paint paint = { { grey, grey, grey }, 0.5, 0 };
		double x = dice_between(dice, 0, canvas->width),
		       y = dice_between(dice, 0, canvas->height);
		double dx = dice_between(dice, -0.5, 0.5) * side,
		       dy = dice_between(dice, -0.5, 0.5) * side;
		canvas_stroke(canvas, &whole, x, y, x + dx, y + dy, side * 0.02, &paint);
	}
}

static double fit(double at, double reach, double length)
{
	if (2 * reach > length) {
		return length / 2;
	}
	return at < reach ? reach : at > length - reach ? length - reach : at;
}

/* Pixels of half a face's height. */
static double face_scale(const struct request *request)
{
	double width = request->width, height = request->height;
	if (request->portrait) {
		return height / 3.6;
	}
	if (request->share > 0) {
		return request->share * fmax(width, height) / 2;
	}
	return fmin(height / 3.6, width / (request->count * 2.9 + 0.7));
}

static void draw_people(struct canvas *canvas, const struct request *request, double scale)
{
	double width = canvas->width, height = canvas->height;
	struct frame frame = { 0, height * 0.47, scale, 0 };
	for (int drawn = 0; drawn < request->count; drawn++) {
		/* the person in the middle of a portrait covers the others */
		int i = request->portrait ? request->count - 1 - drawn : drawn;
		struct person who = person_of(request->people[i].identity);
		struct pose how = pose_of(who.identity, request->people[i].pose);
		frame.x = width / 2 + (i - (request->count - 1) / 2.0) * 2.9 * scale;
		if (request->portrait) {
			double side = i == 0 ? 0.5 : i % 2 == 1 ? 0.88 : 0.12;
			frame.scale = i == 0 ? scale : 0.4 * scale;
			frame.x = side * width;
		} else if (request->share > 0) {
			/* off centre, if it fits, as in real photos */
			frame.x = fit(width * 0.37, 1.1 * scale, width);
			frame.y = fit(height * 0.4, 1.2 * scale, height);
			how.scale = 1;
		}
		portrait_draw(canvas, &frame, &who, &how);
	}
	canvas_blur(canvas, BLUR * scale);
}

/* The photo without noise. Large faces are drawn smaller and enlarged: blur removes finer detail anyway. */
static struct canvas draw(const struct request *request, const struct pose *how, struct dice *dice)
{
	double scale = request->noise ? 0 : face_scale(request);
	int less = 1 + (int)(scale / LARGEST_SCALE);
	int width = (request->width + less - 1) / less,
	    height = (request->height + less - 1) / less;
	struct canvas canvas = canvas_new(width, height, how->background);
	if (canvas.pixels && request->noise) {
		draw_nothing(&canvas, dice);
	} else if (canvas.pixels) {
		draw_people(&canvas, request, scale / less);
		canvas_expose(&canvas, how->exposure);
	}
	if (canvas.pixels && less > 1 &&
	    !canvas_enlarge(&canvas, request->width, request->height)) {
		canvas_release(&canvas);
	}
	return canvas;
}

int main(int argc, char **argv)
{
	struct request request = parse(argc, argv);
	struct request key = request;
	key.out = NULL;
	struct drawn drawn = drawn_find(&key, sizeof(key), request.out);
	if (drawn_fetch(&drawn, request.out)) {
		return 0;
	}
	struct subject first = request.people[0];
	struct pose how = pose_of(first.identity, first.pose);
	struct dice dice = dice_of(first.identity * 977 + first.pose);
	struct canvas canvas = draw(&request, &how, &dice);
	const char *reason = NULL;
	if (!canvas.pixels) {
		fail("out of memory for the photo", request.out);
	}
	canvas_noise(&canvas, &dice, request.noise ? 30 : 3);
	bool done = picture_write(request.out, &canvas, request.orientation, &reason);
	canvas_release(&canvas);
	if (!done) {
		fail(reason, request.out);
	}
	drawn_keep(&drawn, request.out);
	return 0;
}
