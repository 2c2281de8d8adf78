/* Attributes and small macros that every layer uses. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_COMPILER_H
#define FC_BASE_COMPILER_H

#include <stddef.h>

/* A caller must use the result of a function, or every result of a type: `__extension__ enum FC_MUST_USE_TYPE name { ... }`. */
#define FC_MUST_USE __attribute__((warn_unused_result))
#ifdef __clang__
#define FC_MUST_USE_TYPE FC_MUST_USE
#else
#define FC_MUST_USE_TYPE [[nodiscard]]
#endif
#define FC_PRINTF(position, first) __attribute__((__format__(__printf__, position, first)))

/* Call release(&variable) when the variable leaves its scope. Every release function accepts an empty value. */
#define FC_CLEANUP(release) __attribute__((cleanup(release)))

/*
 * Define release##p(pointer_type *) for FC_CLEANUP: it releases the object that the variable points to and sets the variable to NULL.
 * FC_DEFINE_CLEANUP(struct fc_http *, fc_http_close) defines fc_http_closep.
 */
#define FC_DEFINE_CLEANUP(pointer_type, release)                                                   \
	__attribute__((unused)) static inline void release##p(__typeof__(pointer_type) *pointer)   \
	{                                                                                          \
		release(*pointer);                                                                 \
		*pointer = NULL;                                                                   \
	}                                                                                          \
	struct fc_cleanup_needs_semicolon_

#define FC_ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Move a pointer out of a variable: evaluates to the pointer, and sets the variable to NULL. */
#define FC_STEAL(pointer)                                                                          \
	__extension__({                                                                            \
		__typeof__(pointer) stolen_ = (pointer);                                           \
		(pointer) = NULL;                                                                  \
		stolen_;                                                                           \
	})

/* Move a struct out of a variable: evaluates to the struct, and sets the variable to all zeros. */
#define FC_STEAL_STRUCT(object)                                                                    \
	__extension__({                                                                            \
		__typeof__(object) stolen_ = (object);                                             \
		(object) = (__typeof__(object)){ 0 };                                              \
		stolen_;                                                                           \
	})

/* 1 in builds with AddressSanitizer, which reserves terabytes of address space and reports on standard error. */
#if defined(__SANITIZE_ADDRESS__)
#define FC_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#define FC_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define FC_ADDRESS_SANITIZER 0
#endif

/* In a coverage build, write the counters now and set them to zero: a process that does not end with exit() would lose them. */
#ifdef FC_COVERAGE
void __gcov_dump(void); /* from libgcov */
void __gcov_reset(void);
#define FC_WRITE_COVERAGE() (__gcov_dump(), __gcov_reset())
#else
#define FC_WRITE_COVERAGE() ((void)0)
#endif

/* Ignore a result on purpose: nothing can be done about a failure. */
#define FC_IGNORE(expression)                                                                      \
	do {                                                                                       \
		__typeof__(expression) ignored_ = (expression);                                    \
		(void)ignored_;                                                                    \
	} while (0)

#endif
