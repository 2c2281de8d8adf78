/* Networks and pictures by OpenCV; see vision/faces/dnn.h. */
/* SPDX-License-Identifier: MIT */
extern "C" {
#include "vision/faces/dnn.h"
#include "vision/image/shrink.h"
}

#include <algorithm>
#include <memory>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/dnn/shape_utils.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "vision/faces/onnx_import.hh"

#if CV_VERSION_MAJOR != 4
#error "OpenCV 4 is needed: another version has other arguments of getLayerShapes"
#endif

struct fc_net {
	cv::dnn::Net net;
	std::vector<std::string> names; /* of the outputs in `outputs` */
	std::vector<cv::Mat> outputs;
};

namespace
{
constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;
constexpr double kCapitalHeight = 21.0; /* of that font at scale 1, in pixels */

/* The status for an exception; bad_alloc and OpenCV's StsNoMem mean the memory limit. */
enum fc_status report(fc_error *err, fc_status failure, const cv::Exception &exception)
{
	if (exception.code == cv::Error::StsNoMem) {
		return fc_fail(err, FC_TOO_LARGE, "the memory limit of a worker is reached");
	}
	return fc_fail(err, failure, "OpenCV: %s", exception.err.c_str());
}

/* Run a body and catch every exception; `failure` is the status for an exception of OpenCV. */
template <typename Body> enum fc_status guard(fc_error *err, fc_status failure, Body body) noexcept
{
	try {
		return body();
	} catch (const cv::Exception &exception) {
		return report(err, failure, exception);
	} catch (const std::bad_alloc &) {
		return fc_fail(err, FC_TOO_LARGE, "the memory limit of a worker is reached");
	} catch (const std::exception &exception) {
		return fc_fail(err, failure, "%s", exception.what());
	} catch (...) {
		return fc_fail(err, FC_INTERNAL, "unknown C++ exception");
	}
}

/* OpenCV's thread pool and log are global: both are switched off before anything else. */
void calm_opencv()
{
	cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
	cv::redirectError(
		[](int, const char *, const char *, const char *, int, void *) { return 0; });
	/* With 1, OpenCV would start TBB for that one thread. */
	cv::setNumThreads(0);
}

cv::Mat view(const fc_image *image)
{
	return cv::Mat(static_cast<int>(image->height), static_cast<int>(image->width), CV_8UC3,
		       image->pixels, image->stride);
}

cv::Scalar scalar(fc_colour colour)
{
	return cv::Scalar(colour.red, colour.green, colour.blue);
}

cv::Rect rectangle_of(const fc_box *box)
{
	const int left = cvRound(box->left), top = cvRound(box->top);
	return cv::Rect(left, top, cvRound(box->right) - left, cvRound(box->bottom) - top);
}

int text_thickness(double height)
{
	return std::max(1, cvRound(height / 12.0));
}
} // namespace

enum fc_status fc_net_load(const void *onnx, size_t length, struct fc_net **out,
			   struct fc_error *err)
{
	return guard(err, FC_MODEL_MISMATCH, [&] {
		/* Networks are loaded in several threads. */
		static const bool is_calm = (calm_opencv(), true);
		(void)is_calm;
		auto loaded = std::make_unique<fc_net>();
		if (!fc_onnx_import(onnx, length, &loaded->net)) {
			loaded->net =
				cv::dnn::readNetFromONNX(static_cast<const char *>(onnx), length);
		}
		if (loaded->net.empty()) {
			return fc_fail(err, FC_MODEL_MISMATCH, "not an ONNX network");
		}
		loaded->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
		loaded->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
		*out = loaded.release();
		return FC_OK;
	});
}

void fc_net_free(struct fc_net *net)
{
	delete net;
}

enum fc_status fc_net_run(struct fc_net *net, const struct fc_planes *input,
			  const char *const *names, size_t count, struct fc_tensor *outputs,
			  struct fc_error *err)
{
	return guard(err, FC_MODEL_MISMATCH, [&] {
		const int shape[] = { 1, 3, static_cast<int>(input->height),
				      static_cast<int>(input->width) };
		if (names) {
			net->names.assign(names, names + count);
		} else {
			net->names = net->net.getUnconnectedOutLayersNames();
		}
		net->net.setInput(cv::Mat(4, shape, CV_32F, input->values));
		net->net.forward(net->outputs, net->names);
		if (net->outputs.size() < count) {
			return fc_fail(err, FC_MODEL_MISMATCH, "the network has no output");
		}
		for (size_t i = 0; i < count; i++) {
			const cv::Mat &output = net->outputs[i];
			if (output.depth() != CV_32F || !output.isContinuous()) {
				return fc_fail(err, FC_MODEL_MISMATCH,
					       "the network's output '%s' is not made of floats",
					       net->names[i].c_str());
			}
			outputs[i] = { output.ptr<float>(),
				       output.total() * static_cast<size_t>(output.channels()) };
		}
		return FC_OK;
	});
}

enum fc_status fc_net_output_count(struct fc_net *net, uint32_t width, uint32_t height,
				   const char *name, size_t *count, struct fc_error *err)
{
	return guard(err, FC_MODEL_MISMATCH, [&] {
		const cv::dnn::MatShape input = { 1, 3, static_cast<int>(height),
						  static_cast<int>(width) };
		std::vector<cv::dnn::MatShape> in, out;
		const std::vector<int> last = net->net.getUnconnectedOutLayers();
		const int layer = name           ? net->net.getLayerId(name)
				  : last.empty() ? -1
						 : last.back();
		if (layer < 0) {
			return fc_fail(err, FC_MODEL_MISMATCH, "the network has no output%s%s",
				       name ? " " : "", name ? name : "");
		}
		net->net.getLayerShapes(input, layer, in, out);
		*count = out.empty() ? 0 : static_cast<size_t>(cv::dnn::total(out.front()));
		return FC_OK;
	});
}

enum fc_status fc_image_resize(const struct fc_image *in, struct fc_image *out,
			       struct fc_error *err)
{
	const bool whole_factors = in->width % out->width == 0 && in->height % out->height == 0;
	if (out->width <= in->width && out->height <= in->height && !whole_factors) {
		return fc_image_shrink(in, out, err);
	}
	return guard(err, FC_INTERNAL, [&] {
		const bool shrinks = out->width < in->width || out->height < in->height;
		cv::Mat target = view(out);
		cv::resize(view(in), target, target.size(), 0, 0,
			   shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
		return FC_OK;
	});
}

enum fc_status fc_image_resize_bilinear(const struct fc_image *in, struct fc_image *out,
					struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		cv::Mat target = view(out);
		cv::resize(view(in), target, target.size(), 0, 0, cv::INTER_LINEAR);
		return FC_OK;
	});
}

enum fc_status fc_draw_frame(struct fc_image *image, const struct fc_box *box, int width,
			     struct fc_colour colour, struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		cv::Mat target = view(image);
		const cv::Rect outer = rectangle_of(box);
		for (int i = 0; i < width; i++) {
			cv::rectangle(target, outer - cv::Size(2 * i, 2 * i) + cv::Point(i, i),
				      scalar(colour));
		}
		return FC_OK;
	});
}

enum fc_status fc_draw_filled(struct fc_image *image, const struct fc_box *box,
			      struct fc_colour colour, struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		cv::Mat target = view(image);
		cv::rectangle(target, rectangle_of(box), scalar(colour), cv::FILLED);
		return FC_OK;
	});
}

enum fc_status fc_draw_line(struct fc_image *image, struct fc_point from, struct fc_point to,
			    int width, struct fc_colour colour, struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		cv::Mat target = view(image);
		cv::line(target, cv::Point(cvRound(from.x), cvRound(from.y)),
			 cv::Point(cvRound(to.x), cvRound(to.y)), scalar(colour), width,
			 cv::LINE_AA);
		return FC_OK;
	});
}

enum fc_status fc_draw_text(struct fc_image *image, const char *text, int x, int y, double height,
			    struct fc_colour colour, struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		cv::Mat target = view(image);
		cv::putText(target, text, cv::Point(x, y), kFont, height / kCapitalHeight,
			    scalar(colour), text_thickness(height), cv::LINE_AA);
		return FC_OK;
	});
}

enum fc_status fc_text_width(const char *text, double height, int *width, struct fc_error *err)
{
	return guard(err, FC_INTERNAL, [&] {
		int base_line = 0;
		*width = cv::getTextSize(text, kFont, height / kCapitalHeight,
					 text_thickness(height), &base_line)
				 .width;
		return FC_OK;
	});
}
