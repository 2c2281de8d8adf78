#!/usr/bin/env python3
"""Train facectl's compact face-embedding network by distilling a larger one.

    train_embed.py prep  --data DIR[,DIR...] --detector yunet.onnx --out WORK [--exclude names.txt]
    train_embed.py train --teacher teacher.onnx --out WORK [--minutes 60]
    train_embed.py export --out WORK                     (also done during training)
    train_embed.py eval --model x.onnx --aligned lfw.npy --pairs pairs.txt

The teacher is any MobileFaceNet-shaped ONNX file (Conv/Clip/Relu/Add only).  It
is run here, by a small interpreter, on exactly the augmented crop the student
sees, so blended and spliced faces give an unlimited supply of new "identities".
The student is written as ONNX with BatchNorm and input scaling folded in, using
only Conv, Relu, Add, Pad, Slice and Flatten, which OpenCV 4.6 imports.
"""
# SPDX-License-Identifier: MIT

import argparse
import copy
import ctypes
import glob
import math
import os
import random
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import helper, numpy_helper

# ArcFace five-point template for a 112x112 crop.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])
SIZE, MARGIN = 112, 8           # stored crops are SIZE + 2*MARGIN wide
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1) * 255
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1) * 255


# ------------------------------------------------------- detect and align ----

def load_detector(path, size):
    """YuNet, exported for any square input, as an OpenCV net for size x size."""
    model = onnx.load(path)
    for d in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        d.dim_value = size
    for o in model.graph.output:
        for d in o.type.tensor_type.shape.dim:
            d.dim_param = 'n'
    del model.graph.value_info[:]
    return cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), 'u1'))


def landmarks(net, image, size, threshold=0.6):
    """Five points of the largest face found, or None.  A border is added first,
    since many data sets are cropped too tightly for a detector."""
    border = int(0.12 * max(image.shape[:2]))
    framed = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_CONSTANT)
    s = size / max(framed.shape[:2])
    small = cv2.resize(framed, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)[:size, :size]
    canvas = np.zeros((size, size, 3), 'u1')
    canvas[:small.shape[0], :small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(canvas))
    names = net.getUnconnectedOutLayersNames()
    out = dict(zip(names, net.forward(names)))
    boxes, scores, points = [], [], []
    for stride in (8, 16, 32):
        cols = size // stride
        score = np.sqrt(out['cls_%d' % stride].ravel().clip(0, 1) * out['obj_%d' % stride].ravel().clip(0, 1))
        box = out['bbox_%d' % stride].reshape(-1, 4)
        kps = out['kps_%d' % stride].reshape(-1, 5, 2)
        for i in np.nonzero(score > threshold)[0]:
            cell = np.array([i % cols, i // cols])
            wh = np.exp(box[i, 2:]) * stride
            boxes.append([float(v) for v in [*((cell + box[i, :2]) * stride - wh / 2), *wh]])
            scores.append(float(score[i]))
            points.append((kps[i] + cell) * stride)
    if not boxes:
        return None
    keep = np.ravel(cv2.dnn.NMSBoxes(boxes, scores, threshold, 0.3))
    best = max(keep, key=lambda i: boxes[i][2] * boxes[i][3])
    return points[best] / s - border


def similarity(src, dst):
    """The least-squares rotation, scale and shift from src to dst (Umeyama)."""
    ms, md = src.mean(0), dst.mean(0)
    a, b = src - ms, dst - md
    u, s, vt = np.linalg.svd(b.T @ a / len(a))
    d = np.array([1, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    r = u @ np.diag(d) @ vt * (s * d).sum() / (a ** 2).sum() * len(a)
    return np.hstack([r, (md - r @ ms)[:, None]])


def person(path):
    return os.path.basename(path).rsplit('_', 1)[0]


def prep(args):
    cv2.setNumThreads(1)
    files = sorted(f for d in args.data.split(',') for ext in ('jpg', 'jpeg', 'png')
                   for f in glob.glob(os.path.join(d, '**', '*.' + ext), recursive=True))
    if args.exclude:        # one file name a line: drops those files, and all with the same "Name_" before a number
        with open(args.exclude) as fh:
            names = {person(n) for n in fh.read().split()}
        kept = [f for f in files if person(f) not in names]
        print('excluded', len(files) - len(kept), 'of', len(files))
        files = kept
    side, net = SIZE + 2 * MARGIN, load_detector(args.detector, 160)
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, 'crops.npy')
    crops = np.lib.format.open_memmap(path + '.tmp', 'w+', 'u1', (len(files), side, side, 3))
    kept = []
    for n, f in enumerate(files):
        image = cv2.imread(f)
        points = None if image is None else landmarks(net, image, 160)
        if points is None:
            continue
        m = similarity(points, TEMPLATE + MARGIN)
        scale = math.hypot(m[0, 0], m[1, 0])
        if scale > 2.2:         # under some 50 pixels: too small to teach anything
            continue
        if scale < 0.5:         # avoid aliasing
            image = cv2.resize(image, None, fx=scale * 1.6, fy=scale * 1.6, interpolation=cv2.INTER_AREA)
            m[:, :2] /= scale * 1.6
        crops[len(kept)] = cv2.warpAffine(image, m, (side, side), borderMode=cv2.BORDER_REPLICATE)
        kept.append(f)
        if n % 2000 == 0:
            print(n, 'of', len(files), 'kept', len(kept), flush=True)
    np.save(path, crops[:len(kept)])
    os.remove(path + '.tmp')
    with open(os.path.join(args.out, 'crops.txt'), 'w') as fh:
        fh.write('\n'.join(kept) + '\n')
    print('kept', len(kept), 'of', len(files))


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


# --------------------------------------------------------------- teacher ----

class OnnxTeacher:
    """Runs a plain convolutional ONNX graph in torch; returns the outputs of its
    28-, 14- and 7-pixel stages and the embedding."""

    def __init__(self, path, dtype=torch.bfloat16):
        g = onnx.load(path).graph
        self.dtype, self.input, self.output = dtype, g.input[0].name, g.output[0].name
        w = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in g.initializer}
        self.steps = []
        for n in g.node:
            a = {x.name: helper.get_attribute_value(x) for x in n.attribute}
            if n.op_type == 'Conv':
                k = w[n.input[1]].to(dtype).contiguous(memory_format=torch.channels_last)
                b = w[n.input[2]].to(dtype)
                s, p, grp = a['strides'][0], a['pads'][0], a['group']
                fn = (lambda x, k=k, b=b, s=s, p=p, grp=grp: F.conv2d(x, k, b, s, p, 1, grp))
            elif n.op_type == 'Clip':
                fn = (lambda x, lo=a['min'], hi=a['max']: x.clamp_(lo, hi))
            elif n.op_type == 'Relu':
                fn = (lambda x: x.relu_())
            elif n.op_type == 'Add':
                fn = (lambda x, y: x + y)
            elif n.op_type in ('Reshape', 'Flatten'):
                fn = (lambda x: x.flatten(1))
            elif n.op_type == 'Constant':
                continue
            else:
                raise ValueError('teacher op ' + n.op_type)
            ins = [i for i in n.input if i not in w][:2 if n.op_type == 'Add' else 1]
            self.steps.append((n.op_type, fn, ins, n.output[0]))

    @torch.no_grad()
    def __call__(self, x):
        v = {self.input: ((x - MEAN) / STD).to(self.dtype).contiguous(memory_format=torch.channels_last)}
        stage = {}
        for op, fn, ins, out in self.steps:
            y = v[out] = fn(*[v[i] for i in ins])
            if op == 'Add':
                stage[y.shape[2]] = y
        return [stage[28], stage[14], stage[7], v[self.output].float()]


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


# ---------------------------------------------------------- augmentation ----

def jitter(crop, rng):
    """A 112x112 view of a stored 128x128 crop, slightly moved, perhaps mirrored."""
    a, s = math.radians(rng.gauss(0, 3)), math.exp(rng.gauss(0, 0.03))
    c, n = s * math.cos(a), s * math.sin(a)
    mid = crop.shape[0] / 2 - 0.5
    m = np.array([[c, -n, SIZE / 2 - 0.5 + rng.gauss(0, 1.3) - c * mid + n * mid],
                  [n, c, SIZE / 2 - 0.5 + rng.gauss(0, 1.3) - n * mid - c * mid]])
    v = cv2.warpAffine(crop, m, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return v[:, ::-1] if rng.random() < 0.5 else v


def combine(a, b, rng):
    """Two aligned faces to one: a blend, or a splice along a soft line."""
    a, b = a.astype('f4'), b.astype('f4')
    if rng.random() < 0.5:
        t = rng.uniform(0.3, 0.7)
    else:
        ang = rng.choice([math.pi / 2, -math.pi / 2, 0]) + rng.gauss(0, 0.3)
        yy, xx = np.mgrid[0:SIZE, 0:SIZE].astype('f4')
        d = (xx - SIZE / 2) * math.cos(ang) + (yy - SIZE / 2) * math.sin(ang) - rng.gauss(4, 10)
        t = (1 / (1 + np.exp(-d / rng.uniform(2, 8))))[..., None]
    return a * t + b * (1 - t)


def recolour(v, rng):
    v = v.astype('f4')
    if rng.random() < 0.7:
        v = (v - 110) * rng.uniform(0.7, 1.3) + 110 + rng.gauss(0, 20)
    if rng.random() < 0.3:
        v = v * np.array([rng.uniform(0.85, 1.15) for _ in range(3)], 'f4')
    r = rng.random()
    if r < 0.3:
        grey = v.mean(2, keepdims=True)
        v = grey + (v - grey) * (0 if r < 0.08 else rng.uniform(0.4, 1.4))
    return v.clip(0, 255).astype('u1')


def degrade(v, rng):
    """What a poor camera does; the teacher still sees the clean view."""
    kind = rng.randrange(5)
    if kind == 0:
        v = cv2.GaussianBlur(v, (0, 0), rng.uniform(0.5, 1.8))
    elif kind == 1:
        n = rng.randint(28, 80)
        v = cv2.resize(cv2.resize(v, (n, n), interpolation=cv2.INTER_AREA), (SIZE, SIZE))
    elif kind == 2:
        v = cv2.imdecode(cv2.imencode('.jpg', v, [1, rng.randint(15, 60)])[1], 1)
    elif kind == 3:
        v = v.copy()
        w, h = rng.randint(15, 45), rng.randint(15, 45)
        x, y = rng.randint(0, SIZE - w), rng.randint(0, SIZE - h)
        v[y:y + h, x:x + w] = [rng.randrange(256) for _ in range(3)]
    else:
        noise = np.empty(v.shape, 'f4')
        cv2.randn(noise, 0, rng.uniform(3, 14))
        v = (v + noise).clip(0, 255).astype('u1')
    return v


def batch(crops, order, size, rng, mix, bad):
    """Next `size` views, as (student's, teacher's) RGB tensors."""
    s, t = [], []
    for i in order[:size]:
        v = jitter(crops[i], rng)
        if rng.random() < mix:
            v = combine(v, jitter(crops[rng.randrange(len(crops))], rng), rng)
        v = recolour(v, rng)
        t.append(v)
        s.append(degrade(v, rng) if rng.random() < bad else v)

    def tensor(views):
        x = np.ascontiguousarray(np.stack(views)[..., ::-1]).astype('f4')
        return torch.from_numpy(x).permute(0, 3, 1, 2)
    return tensor(s), tensor(t)


# -------------------------------------------------------------- training ----

def pair_loss(a, b):
    a, b = F.normalize(a), F.normalize(b)
    off = 1 - torch.eye(len(a))
    return (((a @ a.t()) - (b @ b.t())) * off).pow(2).sum() / off.sum()


@torch.no_grad()
def embed(model, x, size=64):
    with torch.autocast('cpu', torch.bfloat16):
        return torch.cat([model(x[i:i + size].contiguous(memory_format=torch.channels_last)).float()
                          for i in range(0, len(x), size)])


def train(args):
    global KERNEL
    torch.set_num_threads(2)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    rng = random.Random(1)
    KERNEL = build_kernel()
    teacher = OnnxTeacher(args.teacher)
    crops = np.load(os.path.join(args.out, 'crops.npy'), mmap_mode='r')
    count = args.count or len(crops)
    ids = np.random.default_rng(1).permutation(count)
    held, crops = np.ascontiguousarray(crops[np.sort(ids[:512])]), np.ascontiguousarray(crops[np.sort(ids[512:])])
    m = MARGIN
    vx = torch.from_numpy(np.ascontiguousarray(held[:, m:-m, m:-m, ::-1])).permute(0, 3, 1, 2).float()
    vt = [torch.cat(f) for f in zip(*[teacher(vx[i:i + 64]) for i in range(0, 512, 64)])]
    var = [f.float().var((0, 2, 3)).view(1, -1, 1, 1) + 1e-3 for f in vt[:3]]
    vt = vt[3]

    model = Student()
    if args.resume:
        model.load_state_dict(torch.load(args.resume)['model'])
    model = model.to(memory_format=torch.channels_last)
    ema = copy.deepcopy(model).eval()
    decay, rest = [], []
    for p in model.parameters():
        (decay if p.dim() > 1 else rest).append(p)
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': 0.02}, {'params': rest, 'weight_decay': 0}],
                            lr=args.lr, betas=(0.9, 0.99))
    best, step, seen, order = -1, 0, 0, []
    start = last = time.time()
    log, tic = np.zeros(6), time.time()
    span = args.minutes * 60
    while True:
        now = time.time() - start
        if now > span:
            break
        done = now / span
        lr = args.lr * min(1, (step + 1) / 150) * (0.003 + 0.997 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in opt.param_groups:
            group['lr'] = lr
        alone = done < args.alone       # first, each stage on the teacher's own features
        if len(order) < args.batch:
            order = rng.sample(range(len(crops)), len(crops))
        xs, xt = batch(crops, order, args.batch, rng, 0.5 if done < 0.85 else 0.25, 0 if alone else 0.3)
        del order[:args.batch]
        tf = teacher(xt)
        with torch.autocast('cpu', torch.bfloat16):
            x, fs = Student.scale(xs.contiguous(memory_format=torch.channels_last)), []
            for i, stage in enumerate(model.stages):
                fs.append(stage(x))
                x = tf[i] if alone else fs[-1]
        hints = [((a.float() - b.float()).pow(2) / v).mean() for a, b, v in zip(fs, tf, var)]
        e = fs[3].float()
        cos = (1 - F.cosine_similarity(e, tf[3])).mean()
        pair = pair_loss(e, tf[3])
        weight = 1 if alone else 0.3 * (1 - done)
        loss = weight * sum(hints) + 2 * cos + 20 * pair
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        opt.step()
        step += 1
        seen += args.batch
        k = min(0.998, step / (step + 20))
        with torch.no_grad():
            for a, b in zip(ema.state_dict().values(), model.state_dict().values()):
                if a.dtype.is_floating_point:
                    a.lerp_(b, 1 - k)
        log += [h.item() for h in hints] + [cos.item(), pair.item(), 1]
        if step % 100 == 0:
            print('%5.1f min step %d epoch %.2f lr %.5f hints %s 1-cos %.4f pair %.5f  %.1f ms/face' % (
                now / 60, step, seen / len(crops), lr, np.round(log[:3] / log[5], 3), log[3] / log[5],
                log[4] / log[5], (time.time() - tic) / log[5] / args.batch * 1e3), flush=True)
            log, tic = log * 0, time.time()
        if time.time() - last > args.save * 60 or (done > 0 and time.time() - start > span):
            best, last = save(args, ema, vx, vt, best, seen / len(crops)), time.time()
    save(args, ema, vx, vt, best, seen / len(crops))
    print('trained %d steps, %.2f epochs, %.1f min' % (step, seen / len(crops), (time.time() - start) / 60), flush=True)


def save(args, ema, vx, vt, best, epoch):
    cos = F.cosine_similarity(embed(ema, vx), vt).mean().item()
    print('epoch %.2f: held-out student-teacher cosine %.4f' % (epoch, cos), flush=True)
    torch.save({'model': ema.state_dict(), 'cosine': cos, 'epoch': epoch}, os.path.join(args.out, 'last.pt'))
    if cos > best:
        torch.save({'model': ema.state_dict(), 'cosine': cos, 'epoch': epoch}, os.path.join(args.out, 'best.pt'))
        export(ema, os.path.join(args.out, 'facectl-embed.onnx'))
    return max(best, cos)


def convert(args):
    """Export best.pt, and check it against torch in OpenCV, one by one and in a batch."""
    model = Student()
    model.load_state_dict(torch.load(os.path.join(args.out, 'best.pt'))['model'])
    path = os.path.join(args.out, 'facectl-embed.onnx')
    export(model.eval(), path)
    m = MARGIN
    faces = [np.ascontiguousarray(f) for f in np.load(os.path.join(args.out, 'crops.npy'), mmap_mode='r')[:8, m:-m, m:-m]]
    blob = cv2.dnn.blobFromImages(faces, 1, (SIZE, SIZE), (0, 0, 0), True)
    net = cv2.dnn.readNetFromONNX(path)

    def run(x):
        net.setInput(x)
        return torch.from_numpy(net.forward().copy())
    with torch.no_grad():
        want = model(torch.from_numpy(blob))
    single = torch.cat([run(blob[i:i + 1]) for i in range(8)])
    print('%s: %.2f MB, %d parameters, smallest cosine to torch %.7f (single), %.7f (batch of 8)' % (
        path, os.path.getsize(path) / 1e6, sum(p.numel() for p in model.parameters()),
        F.cosine_similarity(want, single).min(), F.cosine_similarity(want, run(blob)).min()))


# ------------------------------------------------------------ evaluation ----

def lfw(args):
    """The ten-fold LFW protocol, with OpenCV's DNN module on one thread.  aligned.npy
    holds 112x112 BGR crops of the sorted distinct files named in pairs.txt."""
    cv2.setNumThreads(1)
    pairs = []
    with open(args.pairs) as fh:
        for line in fh.read().splitlines()[1:]:
            p = line.split('\t')
            a, i, b, j = (p[0], p[1], p[0], p[2]) if len(p) == 3 else p
            pairs.append(('%s_%04d' % (a, int(i)), '%s_%04d' % (b, int(j)), len(p) == 3))
    files = sorted({('%s/%s' % (n.rsplit('_', 1)[0], n + '.jpg')) for p in pairs for n in p[:2]})
    index = {os.path.basename(f)[:-4]: i for i, f in enumerate(files)}
    faces, net, spent = np.load(args.aligned), cv2.dnn.readNetFromONNX(args.model), []

    def run(model_input, n=net):
        n.setInput(model_input)
        return n.forward().ravel().copy()
    out = []
    for f in faces:
        t = time.perf_counter()
        out.append(run(cv2.dnn.blobFromImage(f, 1, (SIZE, SIZE), (0, 0, 0), True)))
        spent.append(time.perf_counter() - t)
    e = np.array(out)
    e /= np.linalg.norm(e, axis=1, keepdims=True)
    score = np.array([e[index[a]] @ e[index[b]] for a, b, _ in pairs])
    same = np.array([p[2] for p in pairs])
    grid, fold_of = np.linspace(-1, 1, 2001), np.arange(len(pairs)) // (len(pairs) // 10)
    right = (score[None] > grid[:, None]) == same[None]
    acc, used = [], []
    for k in range(10):
        best = np.argmax(right[:, fold_of != k].mean(1))
        acc.append(right[best, fold_of == k].mean())
        used.append(grid[best])
    impostor = np.sort(score[~same])[::-1]
    tar = [(score[same] > impostor[int(len(impostor) * r)]).mean() for r in (1e-3, 1e-2)]
    at = [impostor[int(len(impostor) * r)] for r in (1e-3, 1e-2)]
    print('LFW %.2f%% +- %.2f%%, threshold %.3f, TAR@FAR=1e-3 %.2f%% (at %.3f), 1e-2 %.2f%% (at %.3f), median %.2f ms a face'
          % (np.mean(acc) * 100, np.std(acc) * 100, np.mean(used), tar[0] * 100, at[0], tar[1] * 100, at[1],
             np.median(spent) * 1e3), flush=True)
    if args.reference:      # embeddings of the teacher, same order
        r = np.load(args.reference)
        r /= np.linalg.norm(r, axis=1, keepdims=True)
        print('mean cosine to the teacher %.4f, 5th percentile %.4f' % (
            (e * r).sum(1).mean(), np.percentile((e * r).sum(1), 5)))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest='cmd', required=True)
    t = sub.add_parser('train')
    t.add_argument('--teacher', required=True)
    t.add_argument('--out', required=True)
    t.add_argument('--minutes', type=float, default=60)
    t.add_argument('--batch', type=int, default=48)
    t.add_argument('--lr', type=float, default=3e-3)
    t.add_argument('--resume')
    t.add_argument('--alone', type=float, default=0.25, help='share of the time spent on separate stages')
    t.add_argument('--save', type=float, default=9, help='minutes between checkpoints')
    t.add_argument('--count', type=int, help='use only the first crops')
    t.set_defaults(run=train)
    t = sub.add_parser('prep')
    t.add_argument('--data', required=True, help='folders of face images, joined with commas')
    t.add_argument('--detector', required=True, help='YuNet ONNX file')
    t.add_argument('--out', required=True)
    t.add_argument('--exclude', help='file names held out, one a line')
    t.set_defaults(run=prep)
    t = sub.add_parser('export')
    t.add_argument('--out', required=True)
    t.set_defaults(run=convert)
    t = sub.add_parser('eval')
    t.add_argument('--model', required=True)
    t.add_argument('--aligned', required=True)
    t.add_argument('--pairs', required=True)
    t.add_argument('--reference', help='the teacher\'s embeddings of the same faces, .npy')
    t.set_defaults(run=lfw)
    args = p.parse_args()
    args.run(args)


if __name__ == '__main__':
    main()
