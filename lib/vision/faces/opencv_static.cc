/*
 * Only in a worker that links OpenCV statically: replacements of what OpenCV uses of LAPACK and OpenGL, so that the worker does not
 * load them. OpenCV computes by its own functions if these report that they are not implemented, and a worker opens no window.
 */
/* SPDX-License-Identifier: MIT */
#include <cstddef>
#include <opencv2/core/hal/interface.h>

#define REPLACE(name, ...)                                                                         \
	int name(__VA_ARGS__)                                                                      \
	{                                                                                          \
		return CV_HAL_ERROR_NOT_IMPLEMENTED;                                               \
	}

/* As modules/core/src/hal_internal.hpp of OpenCV declares them. The linker takes these and leaves out OpenCV's. */
REPLACE(lapack_LU32f, float *, size_t, int, float *, size_t, int, int *)
REPLACE(lapack_LU64f, double *, size_t, int, double *, size_t, int, int *)
REPLACE(lapack_Cholesky32f, float *, size_t, int, float *, size_t, int, bool *)
REPLACE(lapack_Cholesky64f, double *, size_t, int, double *, size_t, int, bool *)
REPLACE(lapack_SVD32f, float *, size_t, float *, float *, size_t, float *, size_t, int, int, int)
REPLACE(lapack_SVD64f, double *, size_t, double *, double *, size_t, double *, size_t, int, int,
	int)
REPLACE(lapack_QR32f, float *, size_t, int, int, int, float *, size_t, float *, int *)
REPLACE(lapack_QR64f, double *, size_t, int, int, int, double *, size_t, double *, int *)
REPLACE(lapack_gemm32f, const float *, size_t, const float *, size_t, float, const float *, size_t,
	float, float *, size_t, int, int, int, int)
REPLACE(lapack_gemm64f, const double *, size_t, const double *, size_t, double, const double *,
	size_t, double, double *, size_t, int, int, int, int)
REPLACE(lapack_gemm32fc, const float *, size_t, const float *, size_t, float, const float *, size_t,
	float, float *, size_t, int, int, int, int)
REPLACE(lapack_gemm64fc, const double *, size_t, const double *, size_t, double, const double *,
	size_t, double, double *, size_t, int, int, int, int)

extern "C" void *glXGetProcAddressARB(const unsigned char *)
{
	return nullptr;
}
