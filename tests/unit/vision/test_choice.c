/* Which face of a photo is chosen. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "vision/faces/choice.h"
#include "vision/faces/cutout.h"

enum { FACES = 8 };

/* A photo of 1000 by 1000 pixels with square faces. */
struct photo {
	struct fc_analysis analysis;
	struct fc_face faces[FACES];
};

static void add_face(struct photo *photo, float x, float y, float side)
{
	struct fc_analysis *analysis = &photo->analysis;
	analysis->width = 1000;
	analysis->height = 1000;
	analysis->faces = photo->faces;
	photo->faces[analysis->face_count++].box =
		(struct fc_box){ x - side / 2, y - side / 2, x + side / 2, y + side / 2 };
}

/* The index of the chosen face, or minus the status. */
static int choose(const struct photo *photo, const char *text, struct fc_error *err)
{
	struct fc_face_choice choice;
	size_t index;
	assert_int_equal(fc_face_choice_parse(text, &choice, NULL), FC_OK);
	enum fc_status status = fc_face_choose(&choice, &photo->analysis, NULL, &index, err);
	return status == FC_OK ? (int)index : -(int)status;
}

static void a_choice_is_read_and_written(void **state)
{
	(void)state;
	const char *const texts[] = { "only",    "main",          "largest",       "central",
				      "index=7", "box=1,2,30,40", "box=-1,0,2.5,9" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
		struct fc_face_choice choice;
		assert_int_equal(fc_face_choice_parse(texts[i], &choice, NULL), FC_OK);
		fc_face_choice_format(&choice, &out);
		assert_string_equal(fc_buffer_text(&out), texts[i]);
	}
	struct fc_face_choice rect;
	const float box[] = { 10, 20, 40, 60 };
	assert_int_equal(fc_face_choice_parse("rect=10,20,30,40", &rect, NULL), FC_OK);
	assert_memory_equal(rect.box, box, sizeof(box));
	assert_int_equal(fc_face_choice_parse("3", &rect, NULL), FC_OK);
	assert_int_equal(rect.rule, FC_FACE_INDEX);
	assert_int_equal(rect.index, 3);
}

static void other_texts_are_refused(void **state)
{
	(void)state;
	const char *const texts[] = { "",
				      "all",
				      "Main",
				      "index=",
				      "index=-1",
				      "index=3000",
				      "1.5",
				      "box=1,2,3",
				      "box=1,2,3,4,5",
				      "box=5,0,5,9",
				      "rect=0,0,0,9",
				      "box=1,2,x,9",
				      "box=,2,3,4",
				      "box=1,2,3,9,",
				      "rect=nan,0,1,1" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct fc_face_choice choice;
		struct fc_error err = { 0 };
		assert_int_equal(fc_face_choice_parse(texts[i], &choice, &err),
				 FC_INVALID_ARGUMENT);
		assert_non_null(strstr(err.text, "box=LEFT,TOP,RIGHT,BOTTOM"));
	}
}

static void a_photo_without_a_face_has_no_choice(void **state)
{
	(void)state;
	const struct photo photo = { 0 };
	assert_int_equal(choose(&photo, "only", NULL), -FC_NO_FACE);
	assert_int_equal(choose(&photo, "main", NULL), -FC_NO_FACE);
	assert_int_equal(choose(&photo, "index=0", NULL), -FC_NO_FACE);
	assert_null(fc_face_main(&photo.analysis));
}

static void the_only_face_is_chosen_wherever_it_is(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 50, 50, 20);
	assert_int_equal(choose(&photo, "only", NULL), 0);
	assert_int_equal(choose(&photo, "main", NULL), 0);
	assert_int_equal(choose(&photo, "largest", NULL), 0);
}

static void a_bystander_does_not_compete_with_a_portrait(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	struct fc_error err = { 0 };
	add_face(&photo, 850, 300, 320);
	add_face(&photo, 480, 520, 430);
	assert_int_equal(choose(&photo, "main", NULL), 1);
	assert_ptr_equal(fc_face_main(&photo.analysis), &photo.faces[1]);
	assert_int_equal(choose(&photo, "only", &err), -FC_SEVERAL_FACES);
	assert_non_null(strstr(err.text, "690,140,1010,460 265,305,695,735"));
}

static void a_small_person_outweighs_the_crowd_behind(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 500, 400, 90);
	add_face(&photo, 200, 350, 40);
	add_face(&photo, 850, 350, 45);
	assert_int_equal(choose(&photo, "main", NULL), 0);
}

static void people_of_a_group_compete(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	struct fc_error err = { 0 };
	add_face(&photo, 500, 450, 150);
	add_face(&photo, 300, 450, 160);
	add_face(&photo, 700, 460, 155);
	assert_int_equal(choose(&photo, "main", &err), -FC_SEVERAL_FACES);
	assert_non_null(strstr(err.text, "425,375,575,525"));
	assert_non_null(strstr(err.text, "220,370,380,530"));
}

static void largest_central_index_and_box_always_choose(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 200, 200, 160);
	add_face(&photo, 510, 500, 100);
	add_face(&photo, 800, 800, 155);
	assert_int_equal(choose(&photo, "largest", NULL), 0);
	assert_int_equal(choose(&photo, "central", NULL), 1);
	assert_int_equal(choose(&photo, "index=2", NULL), 2);
	assert_int_equal(choose(&photo, "box=730,720,880,880", NULL), 2);
	assert_int_equal(choose(&photo, "rect=120,120,150,150", NULL), 0);
}

static void a_missing_index_or_box_lists_the_boxes(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	struct fc_error err = { 0 };
	add_face(&photo, 200, 200, 100);
	assert_int_equal(choose(&photo, "index=1", &err), -FC_NO_FACE);
	assert_string_equal(err.text,
			    "no face at the given index; the boxes of its faces: 150,150,250,250");
	assert_int_equal(choose(&photo, "box=240,240,350,350", &err), -FC_NO_FACE);
	assert_non_null(strstr(err.text, "no face at the given box"));
}

static void faces_that_are_left_out_are_not_chosen(void **state)
{
	(void)state;
	const bool leave_out[] = { true, false, true };
	const struct fc_face_choice index = { .rule = FC_FACE_INDEX, .index = 2 };
	const struct fc_face_choice only = { .rule = FC_FACE_ONLY };
	struct photo photo = { 0 };
	size_t chosen;
	add_face(&photo, 500, 500, 300);
	add_face(&photo, 200, 200, 100);
	add_face(&photo, 800, 800, 100);
	assert_int_equal(fc_face_choose(&only, &photo.analysis, leave_out, &chosen, NULL), FC_OK);
	assert_int_equal(chosen, 1);
	assert_int_equal(fc_face_choose(&index, &photo.analysis, leave_out, &chosen, NULL),
			 FC_NO_FACE);
}

/* ---- the part of a photo that shows a face ---- */

static void assert_area(const struct photo *photo, size_t face, float margin, uint32_t left,
			uint32_t top, uint32_t width, uint32_t height)
{
	struct fc_area area = { 0 };
	assert_true(fc_cutout_area(&photo->analysis, face, margin, &area));
	assert_int_equal(area.left, left);
	assert_int_equal(area.top, top);
	assert_int_equal(area.width, width);
	assert_int_equal(area.height, height);
}

static void a_part_has_a_margin_within_the_photo(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 500, 500, 200);
	add_face(&photo, 60, 940, 100);
	assert_area(&photo, 0, 0.5F, 300, 300, 400, 400);
	assert_area(&photo, 1, 0.5F, 0, 840, 160, 160);
	photo.faces[0].box = (struct fc_box){ 100.5F, 100, 200.5F, 300 };
	assert_area(&photo, 0, 0.1F, 80, 80, 141, 240);
}

static void a_part_ends_where_another_face_begins(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 500, 500, 200);
	add_face(&photo, 730, 500, 200); /* from 630 to 830 */
	assert_area(&photo, 0, 0.5F, 300, 300, 330, 400);
	assert_area(&photo, 1, 0.5F, 600, 300, 330, 400);
	add_face(&photo, 500, 320, 160); /* overlaps the box of the first, but not by its centre */
	assert_area(&photo, 0, 0.5F, 300, 400, 330, 300);
	add_face(&photo, 560, 560, 40); /* inside the box of the first */
	struct fc_area area;
	assert_false(fc_cutout_area(&photo.analysis, 0, 0.5F, &area));
	assert_area(&photo, 3, 0.5F, 540, 520, 60, 80);
}

static void faces_of_other_pages_do_not_matter_for_a_part(void **state)
{
	(void)state;
	struct photo photo = { 0 };
	add_face(&photo, 900, 900, 200);
	add_face(&photo, 900, 900, 200);
	photo.faces[0].page = 1;
	photo.faces[1].page = 2;
	assert_area(&photo, 0, 0.5F, 700, 700, 300, 300);
	/* the size of the second page is not known */
	assert_area(&photo, 1, 0.5F, 700, 700, 400, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_choice_is_read_and_written),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(a_photo_without_a_face_has_no_choice),
		cmocka_unit_test(the_only_face_is_chosen_wherever_it_is),
		cmocka_unit_test(a_bystander_does_not_compete_with_a_portrait),
		cmocka_unit_test(a_small_person_outweighs_the_crowd_behind),
		cmocka_unit_test(people_of_a_group_compete),
		cmocka_unit_test(largest_central_index_and_box_always_choose),
		cmocka_unit_test(a_missing_index_or_box_lists_the_boxes),
		cmocka_unit_test(faces_that_are_left_out_are_not_chosen),
		cmocka_unit_test(a_part_has_a_margin_within_the_photo),
		cmocka_unit_test(a_part_ends_where_another_face_begins),
		cmocka_unit_test(faces_of_other_pages_do_not_matter_for_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
