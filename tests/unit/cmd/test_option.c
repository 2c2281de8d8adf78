/* Command lines against option tables. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "command.h"
#include "option/option.h"
#include "option/renamed.h"

static const char *const colours[] = { "red", "green", NULL };

struct values {
	bool flag, other;
	const char *text;
	unsigned colour;
	struct option_number number, size, time;
	struct option_numbers numbers;
	struct option_real real;
	struct option_texts photos;
};

#define AT(member) offsetof(struct values, member)

static const struct option_row rows[] = {
	{ OPTION_FLAG, 'f', "flag", NULL, AT(flag), "" },
	{ OPTION_FLAG, 'o', "no-other", NULL, AT(other), "" },
	{ OPTION_TEXT, 't', "text", "TEXT", AT(text), "" },
	{ OPTION_CHOICE, 0, "colour", "WHICH", AT(colour), "", .choices = colours },
	{ OPTION_NUMBER, 'n', "number", "N", AT(number), "", .minimum = 1, .maximum = 99 },
	{ OPTION_SIZE, 0, "size", "SIZE", AT(size), "", .maximum = 1e12 },
	{ OPTION_DURATION, 0, "time", "TIME", AT(time), "", .maximum = 1e9 },
	{ OPTION_NUMBERS, 0, "id", "N", AT(numbers), "", .minimum = 1, .maximum = 1000 },
	{ OPTION_REAL, 'x', "real", "X", AT(real), "", .minimum = 0, .maximum = 1 },
	{ OPTION_TEXTS, 'p', "photo", "FILE", AT(photos), "" },
	{ OPTION_OPERANDS, 0, NULL, "PHOTO", AT(photos), "", .minimum = 1, .maximum = 3 },
	{ OPTION_END },
};

struct outcome {
	enum fc_status status;
	struct values values;
	struct fc_error err;
	bool given[FC_ARRAY_LENGTH(rows)];
};

static struct outcome parse(const char *const *words)
{
	struct outcome outcome = { 0 };
	char *argv[16];
	int argc = 0;
	for (; words[argc]; argc++) {
		memcpy(&argv[argc], &words[argc], sizeof(argv[argc]));
	}
	const struct option_scope scope = { rows, &outcome.values, outcome.given };
	outcome.status = options_parse(NULL, argc, argv, &scope, 1, &outcome.err);
	return outcome;
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static void release(struct outcome *outcome)
{
	options_release(rows, &outcome->values);
}

static void a_value_stands_behind_an_equals_sign_or_in_the_next_word(void **state)
{
	(void)state;
	struct outcome a = PARSE("--text=a b", "--number", "7");
	assert_int_equal(a.status, FC_OK);
	assert_string_equal(a.values.text, "a b");
	assert_true(a.values.number.given);
	assert_int_equal(a.values.number.value, 7);
	assert_true(a.given[2]);
	assert_false(a.given[0]);
	release(&a);
}

static void letters_stand_together_and_the_last_may_take_a_value(void **state)
{
	(void)state;
	struct outcome a = PARSE("-fn7");
	assert_int_equal(a.status, FC_OK);
	assert_true(a.values.flag);
	assert_int_equal(a.values.number.value, 7);
	release(&a);
	struct outcome b = PARSE("-fot", "word");
	assert_int_equal(b.status, FC_OK);
	assert_true(b.values.flag && b.values.other);
	assert_string_equal(b.values.text, "word");
	release(&b);
}

static void a_flag_is_cleared_by_no(void **state)
{
	(void)state;
	struct outcome a = PARSE("--flag", "--no-flag");
	assert_int_equal(a.status, FC_OK);
	assert_false(a.values.flag);
	struct outcome b = PARSE("--no-other");
	assert_true(b.values.other);
	assert_int_equal(PARSE("--no-text").status, FC_INVALID_ARGUMENT);
	assert_int_equal(PARSE("--no-flag=yes").status, FC_INVALID_ARGUMENT);
	struct outcome c = PARSE("--flag=no");
	assert_int_equal(c.status, FC_OK);
	assert_false(c.values.flag);
	assert_int_equal(PARSE("--flag=maybe").status, FC_INVALID_ARGUMENT);
}

static void options_and_operands_mix_until_two_dashes(void **state)
{
	(void)state;
	struct outcome a = PARSE("one", "-f", "-", "--", "-f");
	assert_int_equal(a.status, FC_OK);
	assert_int_equal(a.values.photos.count, 3);
	assert_string_equal(a.values.photos.items[0], "one");
	assert_string_equal(a.values.photos.items[1], "-");
	assert_string_equal(a.values.photos.items[2], "-f");
	release(&a);
}

static void operands_and_an_option_share_a_list_in_order(void **state)
{
	(void)state;
	struct outcome a = PARSE("one", "-p", "two", "three");
	assert_int_equal(a.values.photos.count, 3);
	assert_string_equal(a.values.photos.items[1], "two");
	assert_int_equal(options_check_operands(rows, &a.values, &a.err), FC_OK);
	release(&a);
}

static void too_few_and_too_many_operands_are_refused(void **state)
{
	(void)state;
	struct outcome none = PARSE("-f");
	assert_int_equal(options_check_operands(rows, &none.values, &none.err),
			 FC_INVALID_ARGUMENT);
	assert_string_equal(none.err.text, "PHOTO is missing");
	struct outcome many = PARSE("1", "2", "3", "4");
	assert_int_equal(options_check_operands(rows, &many.values, &many.err),
			 FC_INVALID_ARGUMENT);
	assert_non_null(strstr(many.err.text, "'4'"));
	release(&many);
}

static void numbers_are_strict_and_within_their_bounds(void **state)
{
	(void)state;
	static const char *const wrong[] = { "--number=0",   "--number=100", "--number=7x",
					     "--number=-1",  "--number=",    "--number= 7",
					     "--id=0",       "--real=1.01",  "--real=nan",
					     "--real=0x1p0", "--size=1Q",    "--time=5y" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		assert_int_equal(PARSE(wrong[i]).status, FC_INVALID_ARGUMENT);
	}
	struct outcome a = PARSE("--real=1%", "--size=2MiB", "--time", "3s", "--id=4", "--id=5");
	assert_int_equal(a.status, FC_OK);
	assert_true(a.values.real.given);
	assert_float_equal(a.values.real.value, 0.01, 1e-12);
	assert_int_equal(a.values.size.value, 2 << 20);
	assert_int_equal(a.values.time.value, 3000);
	assert_int_equal(a.values.numbers.count, 2);
	assert_int_equal(a.values.numbers.items[1], 5);
	release(&a);
}

static void a_choice_is_one_of_its_words(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--colour=green").values.colour, 1);
	struct outcome a = PARSE("--colour", "blue");
	assert_int_equal(a.status, FC_INVALID_ARGUMENT);
	assert_string_equal(a.err.text, "--colour must be one of red, green, not 'blue'");
}

static void an_unknown_option_is_refused_with_the_nearest_known_one(void **state)
{
	(void)state;
	struct outcome a = PARSE("--flga");
	assert_int_equal(a.status, FC_INVALID_ARGUMENT);
	assert_string_equal(a.err.text, "there is no option '--flga'; did you mean '--flag'?");
	assert_string_equal(PARSE("--zzzzzzzzz").err.text, "there is no option '--zzzzzzzzz'");
	assert_int_equal(PARSE("-z").status, FC_INVALID_ARGUMENT);
	assert_int_equal(PARSE("--fla").status, FC_INVALID_ARGUMENT);
}

static void a_flag_with_no_in_its_name_is_switched_off_without_it(void **state)
{
	(void)state;
	assert_true(PARSE("--no-other").values.other);
	struct outcome a = PARSE("--no-other", "--other");
	assert_int_equal(a.status, FC_OK);
	assert_false(a.values.other);
	assert_string_equal(PARSE("--other=yes").err.text, "--other takes no value");
}

static void each_old_spelling_is_gone_and_its_new_one_exists(void **state)
{
	(void)state;
	for (const struct renamed *row = renamed_rows; row->old; row++) {
		assert_ptr_equal(renamed_find(row->command, row->old), row);
		if (row->old[0] != '-' && !strchr(row->old, '.')) {
			assert_null(command_find(row->old));
		}
		for (const struct command *const *command = commands; *command; command++) {
			bool here = row->old[0] == '-' && row->old[1] == '-' &&
				    renamed_find((*command)->name, row->old) == row;
			assert_false(here && option_find((*command)->options, row->old + 2,
							 strlen(row->old + 2)));
		}
	}
}

static void a_missing_value_and_an_empty_text_are_refused(void **state)
{
	(void)state;
	assert_string_equal(PARSE("--text").err.text, "--text needs a value: TEXT");
	assert_int_equal(PARSE("-t").status, FC_INVALID_ARGUMENT);
	assert_int_equal(PARSE("--text=").status, FC_INVALID_ARGUMENT);
}

static void very_long_words_do_no_harm(void **state)
{
	(void)state;
	char word[5000] = "--";
	memset(word + 2, 'f', sizeof(word) - 3);
	word[sizeof(word) - 1] = '\0';
	assert_int_equal(PARSE(word).status, FC_INVALID_ARGUMENT);
	word[1] = 'f';
	struct outcome a = PARSE(word);
	assert_int_equal(a.status, FC_OK);
	assert_true(a.values.flag);
}

/* ---- the tables of the commands themselves ---- */

/* commands.c finds the command's word before it knows the command, so a name takes a value everywhere or nowhere. */
static void check_agreement(const struct option_row *row)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct option_row *table = commands[i]->options;
		const struct option_row *same =
			row->name ? option_find(table, row->name, strlen(row->name)) : NULL;
		const struct option_row *letter = option_find_letter(table, row->letter);
		if (same) {
			assert_int_equal(option_takes_value(same), option_takes_value(row));
			assert_int_equal(same->letter, row->letter);
		}
		if (letter) {
			assert_string_equal(letter->name, row->name);
		}
	}
}

static void an_option_means_the_same_in_every_command(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		for (const struct option_row *row = commands[i]->options;
		     row && row->type != OPTION_END; row++) {
			check_agreement(row);
			if (row->name) {
				assert_null(
					option_find(setting_rows, row->name, strlen(row->name)));
				assert_null(option_find_letter(setting_rows, row->letter));
			}
		}
	}
}

static void every_row_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		assert_true(commands[i]->name && commands[i]->summary && commands[i]->synopsis);
		assert_non_null(commands[i]->run);
		for (const struct option_row *row = commands[i]->options;
		     row && row->type != OPTION_END; row++) {
			assert_true(row->name || row->type == OPTION_OPERANDS);
			assert_true(row->argument || !option_takes_value(row));
			assert_true(row->offset < commands[i]->args_size);
			assert_true(row->help && row->help[0] != '\0');
		}
	}
}

static const struct command *take(const char *const *words, int *count)
{
	char *argv[16];
	char *rest[16];
	const char *group = NULL;
	const struct command *command = NULL;
	int argc = 0;
	for (; words[argc]; argc++) {
		memcpy(&argv[argc], &words[argc], sizeof(argv[argc]));
	}
	struct fc_error err;
	if (command_take(argc, argv, &command, &group, rest, count, &err) != FC_OK) {
		*count = -1;
	}
	return command;
}

#define TAKE(count, ...) take((const char *const[]){ "facectl", __VA_ARGS__, NULL }, count)

static void a_command_is_found_wherever_options_stand(void **state)
{
	(void)state;
	int count;
	assert_ptr_equal(TAKE(&count, "set", "x"), &set_command);
	assert_int_equal(count, 1);
	assert_ptr_equal(TAKE(&count, "--gallery", "delete", "set"), &set_command);
	assert_int_equal(count, 2);
	assert_ptr_equal(TAKE(&count, "--space", "5", "-qp", "a", "set", "delete"), &set_command);
	assert_int_equal(count, 5);
	assert_ptr_equal(TAKE(&count, "--gallery=x", "spaces", "-q", "list"), &spaces_list_command);
	assert_int_equal(count, 2);
	assert_null(TAKE(&count, "spaces"));
	assert_int_equal(count, 0);
	assert_null(TAKE(&count, "nonsense"));
	assert_int_equal(count, -1);
	assert_null(TAKE(&count, "spaces", "nonsense"));
	assert_int_equal(count, -1);
	assert_null(TAKE(&count, "--", "set"));
	assert_int_equal(count, -1);
}

static void values_that_were_never_allocated_are_released(void **state)
{
	(void)state;
	options_release(rows, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_stands_behind_an_equals_sign_or_in_the_next_word),
		cmocka_unit_test(letters_stand_together_and_the_last_may_take_a_value),
		cmocka_unit_test(a_flag_is_cleared_by_no),
		cmocka_unit_test(options_and_operands_mix_until_two_dashes),
		cmocka_unit_test(operands_and_an_option_share_a_list_in_order),
		cmocka_unit_test(too_few_and_too_many_operands_are_refused),
		cmocka_unit_test(numbers_are_strict_and_within_their_bounds),
		cmocka_unit_test(a_choice_is_one_of_its_words),
		cmocka_unit_test(an_unknown_option_is_refused_with_the_nearest_known_one),
		cmocka_unit_test(a_flag_with_no_in_its_name_is_switched_off_without_it),
		cmocka_unit_test(each_old_spelling_is_gone_and_its_new_one_exists),
		cmocka_unit_test(a_flag_with_no_in_its_name_is_switched_off_without_it),
		cmocka_unit_test(each_old_spelling_is_gone_and_its_new_one_exists),
		cmocka_unit_test(a_missing_value_and_an_empty_text_are_refused),
		cmocka_unit_test(very_long_words_do_no_harm),
		cmocka_unit_test(an_option_means_the_same_in_every_command),
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(values_that_were_never_allocated_are_released),
		cmocka_unit_test(a_command_is_found_wherever_options_stand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
