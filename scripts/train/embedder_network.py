"""The embedder's network, with a BatchNorm that is fast to train on a CPU, and its export to ONNX."""
# SPDX-License-Identifier: MIT

import copy
import ctypes
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import helper, numpy_helper

from embedder_faces import SIZE

# ---------------------------------------------- fused BatchNorm for training ----

# torch 1.13's bf16 BatchNorm backward takes half of a training step on a CPU.
# This does the same in two passes; without a C compiler nn.BatchNorm2d is used.
BN_SOURCE = r"""
#include <stdint.h>
#include <math.h>
static inline float f(uint16_t v) { union { uint32_t u; float x; } t; t.u = (uint32_t)v << 16; return t.x; }
static inline uint16_t b(float x) {
    union { uint32_t u; float x; } t; t.x = x;
    return (uint16_t)((t.u + 0x7fff + ((t.u >> 16) & 1)) >> 16);
}
/* x, y, dy, dx: M rows (pixels) of C bf16 channels, C <= 1024 */
void bn_fwd(const uint16_t *restrict x, uint16_t *restrict y, const float *g, const float *be, float *restrict mean,
            float *restrict inv, float *restrict var, long M, int C, int relu, float eps) {
    float s[1024], q[1024], a[1024], o[1024], k[1024];      /* k: a shift, against cancellation */
    for (int c = 0; c < C; c++) { s[c] = q[c] = 0; k[c] = f(x[c]); }
    for (long m = 0; m < M; m++) {
        const uint16_t *r = x + m * C;
        for (int c = 0; c < C; c++) { float v = f(r[c]) - k[c]; s[c] += v; q[c] += v * v; }
    }
    for (int c = 0; c < C; c++) {
        float d = s[c] / M, v = q[c] / M - d * d;
        if (v < 0) v = 0;
        mean[c] = d + k[c]; var[c] = v; inv[c] = 1 / sqrtf(v + eps);
        a[c] = g[c] * inv[c]; o[c] = be[c] - mean[c] * a[c];
    }
    float lo = relu ? 0 : -3e38f;
    for (long m = 0; m < M; m++) {
        const uint16_t *r = x + m * C; uint16_t *w = y + m * C;
        for (int c = 0; c < C; c++) { float v = f(r[c]) * a[c] + o[c]; w[c] = b(v > lo ? v : lo); }
    }
}
void bn_bwd(const uint16_t *restrict x, const uint16_t *restrict dy, uint16_t *restrict dx, const float *g,
            const float *be, const float *mean, const float *inv, float *restrict dg, float *restrict db,
            long M, int C, int relu) {
    float a[1024], o[1024], p[1024], q[1024], h[1024], lo = relu ? 0 : -3e38f;
    for (int c = 0; c < C; c++) {
        dg[c] = db[c] = 0;
        a[c] = g[c] * inv[c]; o[c] = be[c] - mean[c] * a[c]; h[c] = -mean[c] * inv[c];
    }
    for (long m = 0; m < M; m++) {
        const uint16_t *r = x + m * C, *d = dy + m * C;
        for (int c = 0; c < C; c++) {
            float v = f(r[c]), t = v * a[c] + o[c] > lo ? f(d[c]) : 0;
            db[c] += t; dg[c] += t * (v * inv[c] + h[c]);
        }
    }
    for (int c = 0; c < C; c++) { p[c] = db[c] / M; q[c] = dg[c] / M; }
    for (long m = 0; m < M; m++) {
        const uint16_t *r = x + m * C, *d = dy + m * C; uint16_t *w = dx + m * C;
        for (int c = 0; c < C; c++) {
            float v = f(r[c]), t = v * a[c] + o[c] > lo ? f(d[c]) : 0;
            w[c] = b(a[c] * (t - p[c] - (v * inv[c] + h[c]) * q[c]));
        }
    }
}
"""


def build_kernel():
    d = tempfile.mkdtemp(prefix='bn')
    c, so = os.path.join(d, 'bn.c'), os.path.join(d, 'bn.so')
    with open(c, 'w') as fh:
        fh.write(BN_SOURCE)
    try:
        subprocess.run(['cc', '-O3', '-march=native', '-mprefer-vector-width=512', '-ffast-math', '-shared', '-fPIC',
                        c, '-o', so, '-lm'], check=True, capture_output=True)
        return ctypes.CDLL(so)
    except (OSError, subprocess.CalledProcessError) as e:
        print('no fused BatchNorm:', e, file=sys.stderr)


KERNEL = None


def ptr(t):
    return ctypes.c_void_p(t.data_ptr())


class FusedBN(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, g, b, relu, eps):
        n, c, h, w = x.shape
        x = x.contiguous(memory_format=torch.channels_last)
        y = torch.empty_like(x)
        mean, inv, var = torch.empty(3, c).unbind(0)
        KERNEL.bn_fwd(ptr(x), ptr(y), ptr(g), ptr(b), ptr(mean), ptr(inv), ptr(var), ctypes.c_long(n * h * w), c,
                      int(relu), ctypes.c_float(eps))
        ctx.save_for_backward(x, g, b, mean, inv)
        ctx.relu = relu
        ctx.mark_non_differentiable(mean, var)
        return y, mean, var

    @staticmethod
    def backward(ctx, dy, _mean, _var):
        x, g, b, mean, inv = ctx.saved_tensors
        n, c, h, w = x.shape
        dy = dy.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        dx = torch.empty_like(x)
        dg, db = torch.empty(2, c).unbind(0)
        KERNEL.bn_bwd(ptr(x), ptr(dy), ptr(dx), ptr(g), ptr(b), ptr(mean), ptr(inv), ptr(dg), ptr(db),
                      ctypes.c_long(n * h * w), c, int(ctx.relu))
        return dx, dg, db, None, None


class Norm(nn.BatchNorm2d):
    """BatchNorm with an optional ReLU behind it."""

    def __init__(self, channels, relu):
        super().__init__(channels)
        self.relu = relu

    def forward(self, x):
        if KERNEL is None or not self.training or x.dtype != torch.bfloat16:
            y = super().forward(x)
            return y.relu() if self.relu else y
        y, mean, var = FusedBN.apply(x, self.weight, self.bias, self.relu, self.eps)
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var, self.momentum)
        return y


# --------------------------------------------------------------- student ----

def conv_bn(cin, cout, k=1, stride=1, groups=1, relu=True):
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride, k // 2, groups=groups, bias=False), Norm(cout, relu))


class Block(nn.Module):
    """1x1 expand, 3x3 depthwise, 1x1 project, with a shortcut where shapes allow."""

    def __init__(self, cin, mid, cout, stride=1):
        super().__init__()
        self.expand = conv_bn(cin, mid)
        self.depth = conv_bn(mid, mid, 3, stride, mid)
        self.project = conv_bn(mid, cout, relu=False)
        self.skip = stride == 1 and cin == cout

    def forward(self, x):
        y = self.project(self.depth(self.expand(x)))
        return x + y if self.skip else y


class GlobalDepthwise(nn.Module):
    """A 7x7 depthwise convolution of a 7x7 map: one weighted sum per channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels, 1, 7, 7) / 7)

    def forward(self, x):
        return (x.float() * self.weight.squeeze(1)).sum((2, 3), keepdim=True).to(x.dtype)


class Head(nn.Module):
    def __init__(self, cin, mid, dim):
        super().__init__()
        self.expand = conv_bn(cin, mid)
        self.pool = nn.Sequential(GlobalDepthwise(mid), Norm(mid, False))
        self.embed = conv_bn(mid, dim, relu=False)

    def forward(self, x):
        return self.embed(self.pool(self.expand(x))).flatten(1)


class Student(nn.Module):
    """Input 1x3x112x112 RGB 0..255.  The stages end where the teacher's 28-, 14-
    and 7-pixel stages end, with the same shapes, so each can be taught alone."""

    def __init__(self, stem=32, mid28=(128, 128), down14=192, mid14=(192,) * 5, down7=256, mid7=(256, 256), head=512):
        super().__init__()
        a = [conv_bn(3, stem, 3, 2), conv_bn(stem, 64, 3, 2)] + [Block(64, m, 64) for m in mid28]
        b = [Block(64, down14, 128, 2)] + [Block(128, m, 128) for m in mid14]
        c = [Block(128, down7, 128, 2)] + [Block(128, m, 128) for m in mid7]
        self.stages = nn.ModuleList([nn.Sequential(*a), nn.Sequential(*b), nn.Sequential(*c), Head(128, head, 128)])
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out' if m.groups == 1 else 'fan_in')

    @staticmethod
    def scale(x):
        return x * (1 / 64)     # no shift: zero padding stays black, so this folds exactly

    def forward(self, x, features=False):
        x, out = self.scale(x), []
        for s in self.stages:
            x = s(x)
            out.append(x)
        return out if features else x


# ---------------------------------------------------------------- export ----

class OnnxWriter:
    def __init__(self):
        self.nodes, self.weights = [], []

    def const(self, a):
        name = 'w%d' % len(self.weights)
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(a), name))
        return name

    def op(self, kind, *inputs, **attrs):
        out = 't%d' % len(self.nodes)
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attrs))
        return out

    def conv(self, x, w, b, stride=1, pad=0, groups=1, relu=False):
        k = w.shape[2]
        y = self.op('Conv', x, self.const(w), self.const(b), kernel_shape=[k, k], strides=[stride] * 2,
                    pads=[pad] * 4, group=groups, dilations=[1, 1])
        return self.op('Relu', y) if relu else y

    def save(self, out, path, dim):
        self.nodes[-1].output[0] = 'embedding'
        graph = helper.make_graph(
            self.nodes, 'facectl-embed',
            [helper.make_tensor_value_info('image', 1, [1, 3, SIZE, SIZE])],
            [helper.make_tensor_value_info('embedding', 1, [1, dim])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 11)], producer_name='train_embed.py')
        model.ir_version = 6
        onnx.checker.check_model(model)
        onnx.save(model, path)


def fold(weight, bn):
    """A convolution's weight and the BatchNorm behind it, as one weight and bias."""
    g = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    return ((weight * g.view(-1, 1, 1, 1)).detach().numpy().astype('f4'),
            (bn.bias - bn.running_mean * g).detach().numpy().astype('f4'))


def export(model, path):
    """OpenCV 4.6 has a fast 3x3 depthwise kernel, but only for maps at least 18
    wide (otherwise it is some 5 times slower), so narrower ones are padded with
    zero columns before a depthwise layer and cropped after it: the same result."""
    model = copy.deepcopy(model).float().eval()
    g = OnnxWriter()

    def layer(x, seq, width=None):
        conv, bn = seq[0], seq[1]
        w, b = fold(conv.weight, bn)
        pad, stride, groups = conv.padding[0], conv.stride[0], conv.groups
        narrow = groups > 1 and width < 18
        if narrow:
            x = g.op('Pad', x, g.const(np.array([0] * 7 + [18 - width])), g.const(np.float32(0)), mode='constant')
        x = g.conv(x, w, b, stride, pad, groups, bn.relu)
        if narrow:
            x = g.op('Slice', x, g.const(np.array([0])), g.const(np.array([width // stride])), g.const(np.array([3])))
        return x

    def block(x, m, width):
        y = layer(layer(layer(x, m.expand), m.depth, width), m.project)
        return g.op('Add', x, y) if m.skip else y

    x, width, first = 'image', SIZE, True
    for stage in list(model.stages)[:3]:
        for m in stage:
            if isinstance(m, Block):
                x = block(x, m, width)
                width //= m.depth[0].stride[0]
            else:
                if first:
                    m[0].weight.data = Student.scale(m[0].weight.data)
                    first = False
                x = layer(x, m, width)
                width //= m[0].stride[0]
    head = model.stages[3]
    x = layer(x, head.expand)
    w, b = fold(head.pool[0].weight, head.pool[1])
    x = layer(g.conv(x, w, b, groups=w.shape[0]), head.embed)
    g.op('Flatten', x, axis=1)
    g.save(x, path, head.embed[0].out_channels)
