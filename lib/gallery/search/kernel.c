/* Which kernels this processor can run. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <stdbool.h>

static bool always(void)
{
	return true;
}

#ifdef __x86_64__
static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vnni");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}
#endif

static const struct {
	const struct fc_kernel *kernel;
	bool (*usable)(void);
} kernels[] = {
#if defined(__x86_64__)
	{ &fc_kernel_avx512, has_avx512 },
	{ &fc_kernel_avx2, has_avx2 },
#elif defined(__aarch64__)
	{ &fc_kernel_neon, always }, /* part of every AArch64 */
#endif
	{ &fc_kernel_plain, always },
};

const struct fc_kernel *fc_kernel_at(size_t index)
{
	size_t usable = 0;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		if (kernels[i].usable() && usable++ == index) {
			return kernels[i].kernel;
		}
	}
	return NULL;
}
