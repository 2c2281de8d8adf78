#!/usr/bin/env python3
"""Train a compact anchor-free face detector with YuNet's ONNX interface, on one CPU core.

  train_detect.py --data DIR --out DIR --teacher yunet.onnx [--minutes 60]

DIR given to --data holds images (links are fine) in these folders:
  faces/        one main face each, any size (LFW, portraits, crops)
  scenes/       real photos with any number of faces, used in random crops
  backgrounds/  images without faces (screenshots, textures, scenery)
  eval_lfw/, eval_real/   held out: only ever read by evaluate()

A teacher detector labels every image once (boxes + 5 landmarks); the decoded pixels and the
labels are cached in DIR/cache.  Training scenes are then composed on the fly: grids and pastes
of the sources at random scale, rotation, blur, occlusion and truncation.

The network takes raw BGR 0..255, 1x3xHxW with H and W multiples of 32, and returns
cls_s, obj_s, bbox_s, kps_s for the strides s = 8, 16, 32, each (1, H/s*W/s, 1|1|4|10):
  score = sqrt(cls*obj)   cx = (col+b0)*s   w = exp(b2)*s   kps = (k+[col,row])*s
"""
# SPDX-License-Identifier: MIT

import argparse
import copy
import glob
import json
import math
import os
import time

import cv2
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

STRIDES = (8, 16, 32)
KINDS = (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10))
NAMES = [f"{k}_{s}" for k, _ in KINDS for s in STRIDES]
# Face sizes (sqrt of the box area, px) that each stride learns; the ranges overlap on purpose.
SIZES = ((0, 44), (30, 110), (80, 1e9))
GREY = 1.4                  # within this factor outside its range a face is ignored, not negative
POS, MAYBE = 0.7, 0.3       # teacher scores: at or above POS a face, between the two ignored
FLIP = [1, 0, 2, 4, 3]      # landmark order after a mirror


# ---------------------------------------------------------------- network

def conv(i, o, k=3, s=1, act=True):
    layers = [nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, nn.ReLU(True)) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, c, mid):
        super().__init__()
        self.a, self.b = conv(c, mid), conv(mid, c, act=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class Detector(nn.Module):
    """Plain 3x3 convolutions only: OpenCV 4.6 runs those well and depthwise ones badly."""

    def __init__(self, width=32):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, s=2), conv(8, 16, s=2))
        self.s8 = nn.Sequential(conv(16, 32, s=2), Residual(32, 32))
        self.s16 = nn.Sequential(conv(32, 48, s=2), Residual(48, 48))
        self.s32 = nn.Sequential(conv(48, 64, s=2), Residual(64, 40), Residual(64, 40))
        self.lateral = nn.ModuleList(conv(c, width, 1) for c in (32, 48, 64))
        self.head = nn.ModuleList(conv(width, width) for _ in STRIDES)
        self.out = nn.ModuleDict({k: nn.ModuleList(nn.Conv2d(width, n, 1) for _ in STRIDES) for k, n in KINDS})
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        for k, _ in KINDS:
            for m in self.out[k]:
                nn.init.normal_(m.weight, std=0.01)
                nn.init.constant_(m.bias, {"cls": -4.0, "obj": -4.0, "bbox": 0.5, "kps": 0.5}[k])
        for m in self.out["bbox"]:
            with torch.no_grad():
                m.bias[2:] = 1.2        # a box about three strides wide to begin with

    def features(self, x):
        a = self.s8(self.stem(x))
        b = self.s16(a)
        c = self.s32(b)
        c = self.lateral[2](c)
        b = self.lateral[1](b) + F.interpolate(c, scale_factor=2.0, mode="nearest")
        a = self.lateral[0](a) + F.interpolate(b, scale_factor=2.0, mode="nearest")
        return [h(t) for h, t in zip(self.head, (a, b, c))]

    def logits(self, x, half):
        """(B, cells of all strides, 16): cls, obj, bbox, kps; x already scaled by 1/128."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            feats = self.features(x)
        rows = []
        for i, f in enumerate(feats):
            f = f.float()
            y = torch.cat([self.out[k][i](f) for k, _ in KINDS], 1)
            rows.append(y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, 16))
        return torch.cat(rows, 1)

    def forward(self, x):
        feats, res = self.features(x), []
        for k, n in KINDS:
            for head, f in zip(self.out[k], feats):
                y = head(f).permute(0, 2, 3, 1).reshape(1, -1, n)
                res.append(torch.sigmoid(y) if k in ("cls", "obj") else y)
        return tuple(res)


def export(model, path, shift=0.0):
    """Write the ONNX file; the input scale 1/128 goes into the first convolution, and `shift`
    is added to the cls and obj logits (moves the best threshold, changes no ranking)."""
    m = copy.deepcopy(model).float().eval().to(memory_format=torch.contiguous_format)
    with torch.no_grad():
        m.stem[0][0].weight /= 128.0
        for k in ("cls", "obj"):
            for h in m.out[k]:
                h.bias += shift
    torch.onnx.export(m, torch.zeros(1, 3, 320, 320), path + ".tmp", opset_version=11,
                      input_names=["input"], output_names=NAMES)
    os.replace(path + ".tmp", path)


# ---------------------------------------------------------------- running a detector in OpenCV

class Runner:
    def __init__(self, path):
        self.net = cv2.dnn.readNet(path)
        self.names = self.net.getUnconnectedOutLayersNames()

    def __call__(self, img, th, nms=0.3):
        """Rows of (score, x1, y1, x2, y2, 10 landmark coordinates), best first."""
        h, w = img.shape[:2]
        H, W = -(-h // 32) * 32, -(-w // 32) * 32
        if (H, W) != (h, w):
            img = cv2.copyMakeBorder(img, 0, H - h, 0, W - w, cv2.BORDER_CONSTANT)
        self.net.setInput(cv2.dnn.blobFromImage(img))
        d = dict(zip(self.names, self.net.forward(self.names)))
        rows = []
        for s in STRIDES:
            c, o = d[f"cls_{s}"].reshape(-1), d[f"obj_{s}"].reshape(-1)
            sc = np.sqrt(c.clip(0, 1) * o.clip(0, 1))
            i = np.nonzero(sc >= th)[0]
            cell = np.stack([i % (W // s), i // (W // s)], 1).astype("f4")
            b, k = d[f"bbox_{s}"].reshape(-1, 4)[i], d[f"kps_{s}"].reshape(-1, 5, 2)[i]
            ctr, half = (cell + b[:, :2]) * s, np.exp(b[:, 2:]) * s / 2
            kp = (k + cell[:, None]) * s
            rows.append(np.hstack([sc[i, None], ctr - half, ctr + half, kp.reshape(-1, 10)]))
        rows = np.concatenate(rows)
        if not len(rows):
            return rows
        xywh = np.hstack([rows[:, 1:3], rows[:, 3:5] - rows[:, 1:3]])
        keep = cv2.dnn.NMSBoxes(xywh.tolist(), rows[:, 0].tolist(), th, nms)
        return rows[np.array(keep).reshape(-1)]


# ---------------------------------------------------------------- sources and teacher labels

def images(folder):
    fs = (f for f in glob.glob(os.path.join(folder, "**", "*"), recursive=True))
    return sorted(f for f in fs if f.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))


def load(path, limit):
    img = cv2.imread(path, cv2.IMREAD_COLOR)
    if img is None or min(img.shape[:2]) < 40:
        return None
    s = limit / max(img.shape[:2])
    return cv2.resize(img, None, fx=s, fy=s, interpolation=cv2.INTER_AREA) if s < 1 else img


class Store:
    """Decoded images in one memory-mapped file, with the teacher's faces for each."""

    def __init__(self, cache, name, folder, teacher, limit, margin):
        base = os.path.join(cache, name)
        if not os.path.exists(base + ".npz"):
            self.build(base, folder, Runner(teacher), limit, margin)
        z = np.load(base + ".npz")
        self.off, self.hw, rows = z["off"], z["hw"], z["rows"]
        self.pix = np.memmap(base + ".u8", np.uint8, "r") if len(self.off) else None
        self.faces = [rows[z["at"][i]:z["at"][i + 1]] for i in range(len(self.off))]

    @staticmethod
    def build(base, folder, run, limit, margin):
        off, hw, rows, at, pos, t0 = [], [], [], [0], 0, time.time()
        with open(base + ".u8", "wb") as out:
            for f in images(folder):
                img = load(f, limit)
                if img is None:
                    continue
                m = int(margin * max(img.shape[:2]))
                big = cv2.copyMakeBorder(img, m, m, m, m, cv2.BORDER_CONSTANT, value=(110, 115, 120)) if m else img
                r = run(big, MAYBE)
                r[:, 1:] -= m
                out.write(img.tobytes())
                off.append(pos); hw.append(img.shape[:2]); pos += img.size
                rows.append(r.astype("f4")); at.append(at[-1] + len(r))
        rows = np.concatenate(rows) if rows else np.zeros((0, 15), "f4")
        np.savez(base + ".npz", off=np.array(off, np.int64), hw=np.array(hw), rows=rows, at=np.array(at))
        print(f"labelled {folder}: {len(off)} images, {(rows[:, 0] >= POS).sum()} faces, {time.time()-t0:.0f} s", flush=True)

    def __len__(self):
        return len(self.off)

    def image(self, i):
        h, w = self.hw[i]
        return self.pix[self.off[i]:self.off[i] + h * w * 3].reshape(h, w, 3)


# ---------------------------------------------------------------- scene composition

class Canvas:
    """An image under construction with its faces: rows as Runner's, plus an ignore list."""

    def __init__(self, img):
        self.img, self.gt, self.ign = img, np.zeros((0, 15), "f4"), np.zeros((0, 4), "f4")

    def cover(self, x1, y1, x2, y2):
        """Something opaque was drawn here: drop the faces under it, ignore the half covered."""
        if len(self.gt):
            b = self.gt[:, 1:5]
            area = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
            iw = (np.minimum(b[:, 2], x2) - np.maximum(b[:, 0], x1)).clip(0)
            ih = (np.minimum(b[:, 3], y2) - np.maximum(b[:, 1], y1)).clip(0)
            f = iw * ih / np.maximum(area, 1)
            part = (f > 0.3) & (f < 0.85)
            self.ign = np.concatenate([self.ign, b[part]])
            self.gt = self.gt[f <= 0.3]

    def add(self, rows, x1, y1, x2, y2, minimum=6.5):
        """Faces drawn inside the window x1..y2; clipped to it, judged by what stays visible."""
        if not len(rows):
            return
        b = rows[:, 1:5]
        c = np.stack([b[:, 0].clip(x1, x2), b[:, 1].clip(y1, y2), b[:, 2].clip(x1, x2), b[:, 3].clip(y1, y2)], 1)
        area = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
        vis = (c[:, 2] - c[:, 0]) * (c[:, 3] - c[:, 1]) / np.maximum(area, 1)
        side = np.sqrt(np.maximum(area, 0))
        good = (vis >= 0.55) & (side >= minimum) & (rows[:, 0] >= POS)
        maybe = ~good & (vis > 0.1) & (side >= 4)
        keep = rows[good].copy()
        keep[:, 1:5] = c[good]
        self.gt = np.concatenate([self.gt, keep])
        self.ign = np.concatenate([self.ign, c[maybe]])


def affine(scale, deg, mirror, src_xy, dst_xy):
    """2x3 matrix: mirror, rotate and scale about src_xy, which lands on dst_xy."""
    a = math.radians(deg)
    R = scale * np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    if mirror:
        R = R @ np.diag([-1.0, 1.0])
    return np.hstack([R, (np.asarray(dst_xy, float) - R @ np.asarray(src_xy, float))[:, None]])


def warp(img, M, size, border=cv2.BORDER_REPLICATE, value=0):
    """warpAffine that averages when it shrinks."""
    s = math.sqrt(abs(np.linalg.det(M[:, :2])))
    if s < 0.7:
        h, w = img.shape[:2]
        nw, nh = max(4, round(w * s)), max(4, round(h * s))
        img = cv2.resize(img, (nw, nh), interpolation=cv2.INTER_AREA)
        M = M.copy()
        M[:, 0] *= w / nw
        M[:, 1] *= h / nh
    return cv2.warpAffine(img, M, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=value)


def move(rows, M, deg, mirror):
    """Faces under the affine M.  A face is taken for an ellipse when its box turns."""
    if not len(rows):
        return rows
    s = math.sqrt(abs(np.linalg.det(M[:, :2])))
    b = rows[:, 1:5]
    ctr = (b[:, :2] + b[:, 2:]) / 2 @ M[:, :2].T + M[:, 2]
    w, h = (b[:, 2] - b[:, 0]) * s, (b[:, 3] - b[:, 1]) * s
    c, n = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    half = np.stack([np.hypot(w * c, h * n), np.hypot(w * n, h * c)], 1) / 2
    kp = rows[:, 5:].reshape(-1, 5, 2) @ M[:, :2].T + M[:, 2]
    if mirror:
        kp = kp[:, FLIP]
    return np.hstack([rows[:, :1], ctr - half, ctr + half, kp.reshape(-1, 10)]).astype("f4")


class Composer:
    def __init__(self, faces, scenes, backs, seed):
        self.r = np.random.default_rng(seed)
        self.pool = []          # composed 320 px scenes, shown again under a new transform
        self.hard = []          # (store, image, x, y, size) of false alarms found by mine()
        self.faces, self.scenes, self.backs = faces, scenes, backs
        self.main = [i for i in range(len(faces)) if len(faces.faces[i]) and faces.faces[i][0, 0] >= 0.8]
        self.roomy = [i for i in self.main if self.share(i) < 0.35]     # the face leaves room for context
        self.with_face = [i for i in range(len(scenes)) if (scenes.faces[i][:, 0] >= POS).any()] if len(scenes) else []

    def share(self, i):
        f, (h, w) = self.faces.faces[i][0], self.faces.hw[i]
        return (f[3] - f[1]) * (f[4] - f[2]) / (h * w)

    def chance(self, p):
        return self.r.random() < p

    def between(self, a, b):
        return a + (b - a) * self.r.random()

    def pick(self, roomy=0.0):
        some = self.roomy if self.roomy and self.chance(roomy) else self.main
        i = some[self.r.integers(len(some))]
        return self.faces.image(i), self.faces.faces[i]

    def angle(self):
        return float(np.clip(self.r.normal(0, 15), -45, 45)) if self.chance(0.7) else 0.0

    # -- backgrounds

    def strip(self, w, h):
        """A face-free part of a face image (clothes, hair, walls), stretched to w x h."""
        img, rows = self.pick()
        H, W = img.shape[:2]
        x1, y1 = rows[:, 1:3].min(0)
        x2, y2 = rows[:, 3:5].max(0)
        m = 0.12 * (x2 - x1)
        rects = [(0, 0, x1 - m, H), (x2 + m, 0, W, H), (0, 0, W, y1 - m * 2), (0, y2 + m, W, H)]
        rects = [[int(np.clip(v, 0, (W, H)[k % 2])) for k, v in enumerate(q)] for q in rects]
        rects = [q for q in rects if q[2] - q[0] > 24 and q[3] - q[1] > 24]
        if not rects:
            return self.pattern(w, h)
        a, b, c, d = rects[self.r.integers(len(rects))]
        return cv2.resize(img[b:d, a:c], (w, h), interpolation=cv2.INTER_LINEAR)

    def pattern(self, w, h):
        """Noise, gradients, stripes, checks."""
        k = self.r.integers(5)
        if k == 0:
            n = int(2 ** self.between(1, 6.5))
            return cv2.resize(self.r.integers(0, 256, (n, n, 3), dtype=np.uint8), (w, h), interpolation=int(self.r.integers(0, 3)))
        if k == 1:
            c = self.r.integers(0, 256, (2, 2, 3)).astype(np.uint8)
            return cv2.resize(c, (w, h), interpolation=cv2.INTER_LINEAR)
        if k == 2:
            return np.full((h, w, 3), self.r.integers(0, 256, 3), np.uint8)
        y, x = np.mgrid[:h, :w].astype("f4")
        f, g = self.between(0.02, 0.8), self.between(0.02, 0.8)
        v = np.sin(x * f + y * self.between(-0.5, 0.5)) + (np.sin(y * g) if k == 3 else 0)
        a, b = self.r.integers(0, 256, 3), self.r.integers(0, 256, 3)
        t = (v[..., None] > 0) if self.chance(0.5) else (v[..., None] + 2) / 4
        return (a * t + b * (1 - t)).astype(np.uint8)

    def window(self, store, w, h):
        """A random face-free part of a photo or screenshot, or None."""
        i = self.r.integers(len(store))
        img, b = store.image(i), store.faces[i][:, 1:5]
        H, W = img.shape[:2]
        for _ in range(4):
            s = self.between(0.25, 1.0) * min(W / w, H / h)
            cw, ch = max(8, int(w * s)), max(8, int(h * s))
            x, y = self.r.integers(max(0, W - cw) + 1), self.r.integers(max(0, H - ch) + 1)
            if not ((b[:, 0] < x + cw) & (b[:, 2] > x) & (b[:, 1] < y + ch) & (b[:, 3] > y)).any():
                return cv2.resize(img[y:y + ch, x:x + cw], (w, h), interpolation=cv2.INTER_AREA if s > 1 else cv2.INTER_LINEAR)
        return None

    def background(self, w, h):
        k = self.r.random()
        if k < 0.33:
            return self.strip(w, h)
        if k < 0.80:
            store = self.scenes if k < 0.58 else self.backs
            img = self.window(store, w, h) if len(store) else None
            if img is not None:
                return img
        if k < 0.87:
            img = cv2.resize(self.pick()[0], (12, 12), interpolation=cv2.INTER_AREA)  # out of focus
            return cv2.resize(img, (w, h), interpolation=cv2.INTER_CUBIC)
        return self.pattern(w, h)

    def clutter(self, cv, n):
        """Skin-coloured blobs, hand-like groups of fingers, text, lines and boxes."""
        S = cv.img.shape[0]
        for _ in range(n):
            k, x, y = self.r.integers(4), int(self.r.integers(S)), int(self.r.integers(S))
            z = int(2 ** self.between(3, 6.3))
            skin = np.clip(np.array([100, 135, 190]) * self.between(0.4, 1.25) + self.r.normal(0, 12, 3), 0, 255)
            col = skin if self.chance(0.6) else self.r.integers(0, 256, 3)
            col = tuple(float(v) for v in col)
            if k == 0:
                cv2.ellipse(cv.img, (x, y), (z, int(z * self.between(0.6, 1.5))), self.between(0, 180), 0, 360, col, -1, cv2.LINE_AA)
                cv2.ellipse(cv.img, (x - z // 4, y - z // 4), (z // 2, z // 2), 0, 0, 360, tuple(min(255, v * 1.1) for v in col), -1, cv2.LINE_AA)
                e = 1.5
            elif k == 1:
                a0, f = self.between(0, 360), max(2, z // 5)
                cv2.circle(cv.img, (x, y), z // 2, col, -1, cv2.LINE_AA)
                for j in range(self.r.integers(2, 6)):
                    a = math.radians(a0 + 22 * j)
                    cv2.line(cv.img, (x, y), (int(x + z * math.cos(a)), int(y + z * math.sin(a))), tuple(v * self.between(0.85, 1.05) for v in col), f, cv2.LINE_AA)
                e = 1.2
            elif k == 2:
                t = "".join(chr(c) for c in self.r.integers(33, 126, self.r.integers(1, 9)))
                cv2.putText(cv.img, t, (x - z, y), int(self.r.integers(8)), z / 25, col, max(1, z // 16), cv2.LINE_AA)
                continue
            else:
                cv2.rectangle(cv.img, (x - z, y - z // 2), (x + z, y + z // 2), col, -1 if self.chance(0.5) else max(1, z // 10))
                e = 1.1
            cv.cover(x - e * z, y - e * z, x + e * z, y + e * z)

    # -- placing faces

    def tile(self, cv, x, y, w, h, size):
        """Fill the window with one whole source so that its main face is about `size` px."""
        img, rows = self.pick(0.8)
        f = rows[0]
        face = math.sqrt((f[3] - f[1]) * (f[4] - f[2]))
        s, deg, mir = size / face, self.angle(), self.chance(0.5)
        jit = 0.22 * max(w, h)
        M = affine(s, deg, mir, ((f[1] + f[3]) / 2, (f[2] + f[4]) / 2),
                   (w / 2 + self.r.normal(0, 1) * jit * 0.5, h / 2 + self.r.normal(0, 1) * jit * 0.5))
        border = cv2.BORDER_REPLICATE if self.chance(0.5) else cv2.BORDER_CONSTANT
        cv.img[y:y + h, x:x + w] = warp(img, M, (w, h), border, tuple(float(v) for v in self.r.integers(0, 256, 3)))
        rows = move(rows, M, deg, mir)
        rows[:, 1::2] += x
        rows[:, 2::2] += y
        cv.add(rows, x, y, x + w, y + h)

    def paste(self, cv, size):
        """One face with some context, soft-edged, anywhere on the canvas."""
        S = cv.img.shape[0]
        img, rows = self.pick()
        f = rows[0]
        fw, fh = f[3] - f[1], f[4] - f[2]
        s, deg, mir = size / math.sqrt(fw * fh), self.angle(), self.chance(0.5)
        ctr = np.array([(f[1] + f[3]) / 2, (f[2] + f[4]) / 2])
        dst = self.r.uniform(-0.05 * size, S + 0.05 * size, 2) if self.chance(0.15) else self.r.uniform(min(0.6 * size, S / 2), max(S - 0.6 * size, S / 2), 2)
        oval = self.chance(0.5)
        k = self.between(0.75, 1.0) if oval else self.between(0.65, 1.5)
        rx, ry = fw * s * k * 0.95 + 2, fh * s * k + 2
        x1, y1 = np.floor(dst - [rx, ry]).astype(int).clip(0, S)
        x2, y2 = np.ceil(dst + [rx, ry]).astype(int).clip(0, S)
        w, h = int(x2 - x1), int(y2 - y1)
        if w < 6 or h < 6:
            return
        old = cv.gt[:, 1:5]
        if len(old):        # never hide a face that is already there
            iw = np.minimum(old[:, 2], x2) - np.maximum(old[:, 0], x1)
            ih = np.minimum(old[:, 3], y2) - np.maximum(old[:, 1], y1)
            if ((iw > 0) & (ih > 0)).any():
                return
        M = affine(s, deg, mir, ctr, dst - [x1, y1])
        patch = warp(img, M, (w, h), cv2.BORDER_REPLICATE)
        if oval or self.chance(0.5):
            mask = np.zeros((h, w), np.uint8)
            c = (int(dst[0] - x1), int(dst[1] - y1))
            if oval:
                cv2.ellipse(mask, c, (int(rx * 0.92), int(ry * 0.92)), deg, 0, 360, 255, -1)
            else:
                cv2.rectangle(mask, (c[0] - int(rx * .9), c[1] - int(ry * .9)), (c[0] + int(rx * .9), c[1] + int(ry * .9)), 255, -1)
            n = 2 * int(min(rx, ry) * 0.06) + 1
            mask = cv2.blur(mask, (n, n))[..., None].astype("f4") / 255
            under = cv.img[y1:y2, x1:x2]
            patch = (patch * mask + under * (1 - mask)).astype(np.uint8)
        cv.img[y1:y2, x1:x2] = patch
        rows = move(rows if not oval else rows[:1], M, deg, mir)
        rows[:, 1::2] += x1
        rows[:, 2::2] += y1
        cv.add(rows, x1, y1, x2, y2)

    def occlude(self, cv):
        """Masks, hands, bars over a fifth to a third of some faces; they stay faces."""
        for g in cv.gt:
            if not self.chance(0.12):
                continue
            w, h = g[3] - g[1], g[4] - g[2]
            k = self.r.integers(6)
            if k >= 4:      # a face mask, from the nose down
                nx, ny = g[9], g[10]
                pts = [(g[1] + .06 * w, ny - .08 * h), (nx, ny - .16 * h), (g[3] - .06 * w, ny - .08 * h),
                       (g[3] - .12 * w, g[4] - .16 * h), (nx, g[4] - .01 * h), (g[1] + .12 * w, g[4] - .16 * h)]
                col = self.r.integers(0, 256, 3) if self.chance(0.4) else [(235, 235, 230), (215, 190, 140), (30, 30, 30)][self.r.integers(3)]
                cv2.fillPoly(cv.img, [np.round(pts).astype(np.int32)], tuple(float(v) * self.between(0.8, 1.05) for v in col), cv2.LINE_AA)
                continue
            if k == 0:      # lower face
                a, b, c, d = g[1], g[4] - h * self.between(0.2, 0.42), g[3], g[4]
            elif k == 1:    # eyes
                e = (g[6] + g[8]) / 2
                a, b, c, d = g[1], e - 0.12 * h, g[3], e + 0.12 * h
            elif k == 2:    # one side
                a, b, c, d = g[1], g[2], g[1] + w * self.between(0.1, 0.35), g[4]
                if self.chance(0.5):
                    a, c = g[3] - (c - a), g[3]
            else:
                q = self.between(0.15, 0.3)
                a, b = g[1] + w * self.between(0, 1 - q), g[2] + h * self.between(0, 1 - q)
                c, d = a + w * q, b + h * q
            a, b, c, d = (int(round(max(0, v))) for v in (a, b, c, d))
            if c > a and d > b:
                p = cv.img[b:d, a:c]
                if p.size:
                    cv.img[b:d, a:c] = self.pattern(p.shape[1], p.shape[0]) if self.chance(0.3) else self.r.integers(0, 256, 3)

    # -- whole scenes

    def grid(self, S):
        n = int(self.r.choice([1, 2, 3, 4, 5, 6, 8], p=[.26, .26, .19, .13, .08, .05, .03]))
        cv, t = Canvas(np.empty((S, S, 3), np.uint8)), S / n
        for j in range(n):
            for i in range(n):
                x, y, x2, y2 = (int(v * t) for v in (i, j, i + 1, j + 1))
                if self.chance(0.12):
                    cv.img[y:y2, x:x2] = self.background(x2 - x, y2 - y)
                else:
                    self.tile(cv, x, y, x2 - x, y2 - y, max(7.0, t * 2 ** self.between(-2.5, -0.45)))
        return cv

    def pasted(self, S):
        cv = Canvas(np.ascontiguousarray(self.background(S, S)))
        self.clutter(cv, self.r.integers(0, 4))
        n = int(self.r.choice([1, 2, 4, 8, 14, 20], p=[.2, .25, .25, .15, .1, .05]))
        top = math.log2(min(0.8 * S, 260 / math.sqrt(n)))
        for _ in range(n):
            self.paste(cv, 2 ** self.between(math.log2(7), top))
        return cv

    def big(self, S):
        cv = Canvas(np.empty((S, S, 3), np.uint8))
        self.tile(cv, 0, 0, S, S, S * self.between(0.4, 0.95))
        return cv

    def crop(self, S):
        """A window of a real photo: around a face, on a known false alarm, or anywhere."""
        k = self.r.random()
        if k < 0.35 and self.hard:
            store, i, x, y, face = self.hard[self.r.integers(len(self.hard))]
            rows = store.faces[i]
        elif k < 0.80 and self.with_face:
            store, i = self.scenes, self.with_face[self.r.integers(len(self.with_face))]
            rows = store.faces[i]
            ok = rows[rows[:, 0] >= POS]
            f = ok[self.r.integers(len(ok))]
            x, y, face = (f[1] + f[3]) / 2, (f[2] + f[4]) / 2, math.sqrt(max(1.0, (f[3] - f[1]) * (f[4] - f[2])))
        else:
            store, i = self.scenes, self.r.integers(len(self.scenes))
            rows, (h, w) = store.faces[i], store.hw[i]
            x, y, face = self.between(0, w), self.between(0, h), self.between(15, 120)
        img = store.image(i)
        s = min(2 ** self.between(math.log2(8), math.log2(0.7 * S)) / face, 2.5)
        deg, mir = (self.angle() * 0.6 if self.chance(0.5) else 0.0), self.chance(0.5)
        M = affine(s, deg, mir, (x, y), self.r.uniform(0.1 * S, 0.9 * S, 2))
        cv = Canvas(warp(img, M, (S, S), cv2.BORDER_CONSTANT, tuple(float(v) for v in self.r.integers(0, 256, 3))))
        cv.add(move(rows, M, deg, mir), 0, 0, S, S)
        return cv

    def mine(self, run, count):
        """Look for false alarms of the current network on `count` source images."""
        for _ in range(count):
            k = self.r.random()
            store = self.scenes if k < 0.45 else self.backs if k < 0.65 else self.faces
            if not len(store):
                continue
            i = self.r.integers(len(store))
            d, b = run(store.image(i), 0.35), store.faces[i][:, 1:5]
            if len(d) and len(b):
                grow = (b[:, 2:] - b[:, :2]) * 0.15
                c = (d[:, 1:3] + d[:, 3:5])[:, None] / 2
                d = d[~((c > b[:, :2] - grow) & (c < b[:, 2:] + grow)).all(2).any(1)]
            for r in d[:6]:
                self.hard.append((store, i, (r[1] + r[3]) / 2, (r[2] + r[4]) / 2, max(8.0, math.sqrt((r[3] - r[1]) * (r[4] - r[2])))))
        self.hard = self.hard[-1500:]

    def empty(self, S):
        cv = Canvas(np.ascontiguousarray(self.background(S, S)))
        self.clutter(cv, self.r.integers(0, 9))
        return cv

    def degrade(self, img):
        """Whole-image colour, blur, noise, compression."""
        S = img.shape[0]
        if self.chance(0.12):
            s = self.between(0.35, 0.8)
            img = cv2.resize(cv2.resize(img, None, fx=s, fy=s, interpolation=cv2.INTER_AREA), (S, S), interpolation=cv2.INTER_LINEAR)
        if self.chance(0.1):
            n = int(self.r.integers(3, 8))
            k = np.zeros((n, n), "f4")
            if self.chance(0.5):
                k[n // 2] = 1 / n
            else:
                np.fill_diagonal(k, 1 / n)
            img = cv2.filter2D(img, -1, k)
        elif self.chance(0.12):
            img = cv2.GaussianBlur(img, (0, 0), self.between(0.5, 1.6))
        if self.chance(0.7):    # exposure, contrast, gamma and white balance in one table
            v = np.arange(256) / 255.0
            g, c, o = 2 ** self.between(-0.8, 0.8), self.between(0.6, 1.35), self.between(-0.15, 0.15)
            lut = (v ** g - 0.5) * c + 0.5 + o
            tint = 1 + self.r.normal(0, 0.08, 3) * self.chance(0.6)
            img = cv2.LUT(img, (np.clip(lut[:, None] * tint, 0, 1) * 255).astype(np.uint8)[None])
        if self.chance(0.2):
            img = cv2.cvtColor(cv2.cvtColor(img, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        if self.chance(0.12):
            noise = self.r.integers(-128, 128, (S, S), dtype=np.int8).astype("i2")
            img = np.clip(img + (noise * self.between(0.03, 0.2)).astype("i2")[..., None], 0, 255).astype(np.uint8)
        if self.chance(0.25):
            img = cv2.imdecode(cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, int(self.between(20, 90))])[1], 1)
        return img

    def again(self, old, S):
        """A scene made earlier, mirrored, turned, scaled and shifted a little."""
        cv = Canvas(old.img)
        deg = self.between(-12, 12) if self.chance(0.4) else 0.0
        mir, s = self.chance(0.6), 2 ** self.between(-0.5, 0.4)
        M = affine(s, deg, mir, (S / 2, S / 2), self.r.uniform(0.38 * S, 0.62 * S, 2))
        cv.img = warp(old.img, M, (S, S), cv2.BORDER_CONSTANT, tuple(float(v) for v in self.r.integers(0, 256, 3)))
        cv.add(move(old.gt, M, deg, mir), 0, 0, S, S)
        ign = np.zeros((len(old.ign), 15), "f4")    # score 0: stays an ignored area
        ign[:, 1:5] = old.ign
        cv.add(move(ign, M, deg, mir), 0, 0, S, S)
        return cv

    def mosaic(self, S):
        """Four or nine earlier scenes made small: crowds of tiny faces."""
        n = 2 if self.chance(0.7) else 3
        cv, t = Canvas(np.empty((S, S, 3), np.uint8)), S / n
        for j in range(n):
            for i in range(n):
                old, mir = self.pool[self.r.integers(len(self.pool))], self.chance(0.5)
                x, y, x2, y2 = (int(v * t) for v in (i, j, i + 1, j + 1))
                M = affine(t / 320, 0, mir, (160, 160), (t / 2, t / 2))
                cv.img[y:y2, x:x2] = warp(old.img, M, (x2 - x, y2 - y))
                M[:, 2] += x, y
                ign = np.zeros((len(old.ign), 15), "f4")
                ign[:, 1:5] = old.ign
                for rows in (old.gt, ign):
                    cv.add(move(rows, M, 0, mir), x, y, x2, y2)
        return cv

    def scene(self, S):
        k = self.r.random()
        if len(self.pool) >= 300 and k < (0.5 if S == 320 else 0.25):
            old = self.pool[self.r.integers(len(self.pool))]
            cv = self.again(old, S) if k > 0.2 and S == 320 else self.mosaic(S)
            return self.degrade(cv.img), cv.gt, cv.ign
        cv = self.compose(S)
        if S == 320:
            if len(self.pool) < 3000:
                self.pool.append(cv)
            else:
                self.pool[self.r.integers(3000)] = cv
        return self.degrade(cv.img), cv.gt, cv.ign

    def compose(self, S):
        k = self.r.random()
        if k < 0.28: cv = self.grid(S)
        elif k < 0.54: cv = self.pasted(S)
        elif k < 0.66: cv = self.big(S)
        elif k < 0.94 and len(self.scenes): cv = self.crop(S)
        else: cv = self.empty(S)
        self.occlude(cv)
        return cv


# ---------------------------------------------------------------- targets and loss

def cells(S):
    out = []
    for s in STRIDES:
        n = S // s
        y, x = np.divmod(np.arange(n * n), n)
        out.append(np.stack([x, y], 1))
    return out


def assign(gt, ign, S, grid):
    """Per cell: the face it answers for (-1 none), and whether it counts as a negative."""
    face, count = [], []
    b = gt[:, 1:5]
    ctr, wh = (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]
    size = np.sqrt(np.maximum(wh[:, 0] * wh[:, 1], 1e-3))
    for s, (lo, hi), g in zip(STRIDES, SIZES, grid):
        p = (g + 0.5) * s
        own, neg = np.full(len(p), -1), np.ones(len(p), bool)
        if len(ign):
            n, m = S // s, neg.reshape(S // s, S // s)
            for x1, y1, x2, y2 in np.clip(np.round(ign / s), 0, n).astype(int):
                m[y1:y2 + 1, x1:x2 + 1] = False
        if len(gt):
            p = p.astype("f4")
            d = np.abs(p[:, None] - ctr[None])
            reach = np.minimum(1.5 * s, np.maximum(wh * 0.35, 0.5 * s + 0.01))
            near = (d <= reach[None]).all(2)
            mine = near & (size >= lo) & (size < hi)
            grey = near & (size >= lo / GREY) & (size < hi * GREY) & ~mine
            neg &= ~grey.any(1)
            cost = np.where(mine, d.sum(2) / size, 1e9)
            j = cost.argmin(1)
            own = np.where(cost[np.arange(len(p)), j] < 1e9, j, -1)
        face.append(own)
        count.append(neg | (own >= 0))
    return np.concatenate(face), np.concatenate(count)


def quality_focal(logit, target, weight):
    p = torch.sigmoid(logit)
    bce = F.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return (bce * (target - p).abs().square() * weight).sum()


def ciou(a, b):
    """IoU and complete-IoU loss of boxes given as centre and size."""
    al, ah, bl, bh = a[:, :2] - a[:, 2:] / 2, a[:, :2] + a[:, 2:] / 2, b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2
    inter = (torch.min(ah, bh) - torch.max(al, bl)).clamp(min=0).prod(1)
    iou = inter / (a[:, 2:].prod(1) + b[:, 2:].prod(1) - inter + 1e-6)
    hull = (torch.max(ah, bh) - torch.min(al, bl)).square().sum(1) + 1e-6
    far = (a[:, :2] - b[:, :2]).square().sum(1) / hull
    v = 4 / math.pi ** 2 * (torch.atan(b[:, 2] / b[:, 3]) - torch.atan(a[:, 2] / a[:, 3])).square()
    with torch.no_grad():
        alpha = v / (1 - iou + v + 1e-6)
    return iou, 1 - iou + far + alpha * v


def loss_of(y, own, count, gts, S, grid):
    B, cell = y.shape[0], torch.from_numpy(np.concatenate(grid).astype("f4"))
    stride = torch.cat([torch.full((len(g),), float(s)) for g, s in zip(grid, STRIDES)])
    own, count = torch.from_numpy(np.stack(own)), torch.from_numpy(np.stack(count)).float()
    bi, ci = torch.nonzero(own >= 0, as_tuple=True)
    n = max(1.0, float(len(bi)))
    t_cls, t_obj = torch.zeros_like(count), torch.zeros_like(count)
    box = kps = y.sum() * 0
    if len(bi):
        base = np.cumsum([0] + [len(g) for g in gts])
        g = torch.from_numpy(np.concatenate(gts).astype("f4"))[own[bi, ci] + torch.from_numpy(base[:-1])[bi]]
        p, c, s = y[bi, ci], cell[ci], stride[ci, None]
        pred = torch.cat([(c + p[:, 2:4]) * s, p[:, 4:6].clamp(-6, 6).exp() * s], 1)
        true = torch.cat([(g[:, 1:3] + g[:, 3:5]) / 2, g[:, 3:5] - g[:, 1:3]], 1)
        iou, lb = ciou(pred, true)
        size = true[:, 2:].prod(1).sqrt()[:, None, None]
        err = ((p[:, 6:].reshape(-1, 5, 2) + c[:, None]) * s[:, None] - g[:, 5:].reshape(-1, 5, 2)) / size
        box, kps = lb.sum() / n, F.smooth_l1_loss(err, torch.zeros_like(err), beta=0.03, reduction="sum") / 10 / n
        t_cls[bi, ci] = 1.0
        t_obj[bi, ci] = iou.detach().clamp(0, 1)
    cls = quality_focal(y[..., 0], t_cls, count) / n
    obj = quality_focal(y[..., 1], t_obj, count) / n
    return cls + obj + 2.0 * box + 8.0 * kps, (cls, obj, box, kps)


# ---------------------------------------------------------------- evaluation against the teacher

def overlap(a, b):
    lo, hi = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    i = (hi - lo).clip(0).prod(2)
    return i / ((a[:, 2:] - a[:, :2]).prod(1)[:, None] + (b[:, 2:] - b[:, :2]).prod(1)[None] - i + 1e-6)


def references(cache, name, folder, teacher):
    """Held-out images (longer side at most 640) and the teacher's faces on them."""
    path = os.path.join(cache, name + ".ref.npy")
    if not os.path.exists(path):
        run, ref = Runner(teacher), []
        for f in images(folder):
            img = load(f, 640)
            if img is not None:
                r = run(img, MAYBE)
                if (r[:, 0] >= POS).any():
                    ref.append((f, r))
        np.save(path, np.array(ref, dtype=object), allow_pickle=True)
    return np.load(path, allow_pickle=True)


def evaluate(path, refs):
    """Best-F1 threshold with recall, precision and landmark error for one list of references.
    precision+ leaves out detections that meet a doubtful (MAYBE..POS) face of the teacher."""
    run, det, total = Runner(path), [], 0
    for f, r in refs:
        d = run(load(f, 640), 0.2)
        sure = r[r[:, 0] >= POS]
        total += len(sure)
        hit, used = np.full(len(d), -1), set()
        m = overlap(d[:, 1:5], sure[:, 1:5])
        for i in range(len(d)):
            for j in np.argsort(-m[i]):
                if m[i, j] >= 0.5 and j not in used:
                    used.add(j); hit[i] = j
                    break
        doubt = overlap(d[:, 1:5], r[:, 1:5]).max(1) >= 0.4 if len(d) and len(r) else np.zeros(len(d), bool)
        for i in range(len(d)):
            j, e = hit[i], np.nan
            if j >= 0:
                g = sure[j]
                size = math.sqrt((g[3] - g[1]) * (g[4] - g[2]))
                e = np.linalg.norm((d[i, 5:] - g[5:]).reshape(5, 2), axis=1).mean() / size
            det.append((d[i, 0], j >= 0, e, doubt[i], min(g[3] - g[1], g[4] - g[2]) if j >= 0 else 0))
    det = np.array(det, float).reshape(-1, 5)
    sides = np.concatenate([(r[:, 3:5] - r[:, 1:3]).min(1)[r[:, 0] >= POS] for _, r in refs])
    table = []
    for th in np.arange(0.2, 0.9, 0.02):
        k = det[det[:, 0] >= th]
        tp = k[:, 1].sum()
        rec, pre = tp / max(total, 1), tp / max(len(k), 1)
        prep = tp / max(tp + ((k[:, 1] == 0) & (k[:, 3] == 0)).sum(), 1)
        table.append(dict(th=round(float(th), 2), recall=rec, precision=pre, precision_plus=prep, f1=2 * rec * pre / max(rec + pre, 1e-9),
                          recall_16px=((k[:, 4] >= 16).sum() / max((sides >= 16).sum(), 1)),
                          landmarks=float(np.nanmean(k[:, 2])) if tp else 1.0, landmarks_median=float(np.nanmedian(k[:, 2])) if tp else 1.0))
    return total, table


def report(path, sets):
    res = {n: evaluate(path, r) for n, r in sets.items()}
    best = int(np.argmax(np.mean([[t["f1"] for t in tab] for _, tab in res.values()], 0)))
    for n, (total, tab) in res.items():
        t = tab[best]
        print(f"  {n}: {len(sets[n])} images {total} faces  th {t['th']:.2f}  R {t['recall']:.4f} (>=16px {t['recall_16px']:.4f})  "
              f"P {t['precision']:.4f} (P+ {t['precision_plus']:.4f})  F1 {t['f1']:.4f}  lm {t['landmarks']:.4f} med {t['landmarks_median']:.4f}", flush=True)
    return float(np.mean([tab[best]["f1"] for _, tab in res.values()])), tab[best]["th"], res


# ---------------------------------------------------------------- training

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--teacher", required=True)
    ap.add_argument("--minutes", type=float, default=60, help="training time; the learning rate follows it")
    ap.add_argument("--eval-every", type=float, default=10, help="minutes between evaluations")
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--threshold", type=float, default=0.6, help="the score the final file is calibrated to")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--init", help="checkpoint to start from")
    ap.add_argument("--label-only", action="store_true")
    a = ap.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(a.seed)
    cache = os.path.join(a.data, "cache")
    os.makedirs(cache, exist_ok=True)
    os.makedirs(a.out, exist_ok=True)
    sub = lambda n: os.path.join(a.data, n)
    backs = Store(cache, "backgrounds", sub("backgrounds"), a.teacher, 640, 0)
    scenes = Store(cache, "scenes", sub("scenes"), a.teacher, 960, 0)
    faces = Store(cache, "faces", sub("faces"), a.teacher, 256, 0.12)
    sets = {n: references(cache, n, sub(n), a.teacher) for n in ("eval_lfw", "eval_real")}
    comp = Composer(faces, scenes, backs, a.seed)
    print(f"sources: {len(comp.main)} of {len(faces)} face images, {len(comp.with_face)} of {len(scenes)} scenes with faces, {len(backs)} backgrounds", flush=True)
    if a.label_only:
        return

    model = Detector().to(memory_format=torch.channels_last)
    if a.init:
        model.load_state_dict(torch.load(a.init))
    ema = copy.deepcopy(model).eval()
    decay, plain = [], []
    for p in model.parameters():
        (decay if p.ndim > 1 else plain).append(p)
    opt = torch.optim.AdamW([dict(params=decay, weight_decay=0.02), dict(params=plain, weight_decay=0.0)], lr=a.lr)
    if a.init:
        export(model, os.path.join(a.out, "init.onnx"))
        comp.mine(Runner(os.path.join(a.out, "init.onnx")), 700)
        print(f"false alarms mined: {len(comp.hard)}", flush=True)
    print(f"parameters {sum(p.numel() for p in model.parameters())}", flush=True)
    onnx, ckpt = os.path.join(a.out, "facectl-detect.onnx"), os.path.join(a.out, "detect-checkpoint.pt")
    grids = {S: cells(S) for S in (320, 480)}
    t0, it, best, last, seen = time.time(), 0, -1.0, time.time(), 0
    avg, spent = np.zeros(5), np.zeros(2)
    while True:
        done = (time.time() - t0) / 60 / max(a.minutes, 1e-6)
        if done >= 1:
            break
        lr = a.lr * min(1.0, (it + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
        for gr in opt.param_groups:
            gr["lr"] = lr
        t1 = time.time()
        S, B = (480, max(2, a.batch * 4 // 9)) if it % 6 == 5 else (320, a.batch)
        sample = [comp.scene(S) for _ in range(B)]
        pairs = [assign(g, i, S, grids[S]) for _, g, i in sample]
        x = torch.from_numpy(np.stack([s[0] for s in sample])).permute(0, 3, 1, 2).float().div_(128)
        t2 = time.time()
        y = model.logits(x.contiguous(memory_format=torch.channels_last), True)
        loss, parts = loss_of(y, [p[0] for p in pairs], [p[1] for p in pairs], [s[1] for s in sample], S, grids[S])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        opt.step()
        with torch.no_grad():
            d = min(0.999, (1 + it) / (20 + it))
            for e, m in zip(ema.state_dict().values(), model.state_dict().values()):
                if e.dtype.is_floating_point:
                    e.lerp_(m, 1 - d)
                else:
                    e.copy_(m)
        it += 1
        seen += B
        spent += (t2 - t1, time.time() - t2)
        avg = avg * 0.98 + 0.02 * np.array([float(loss)] + [float(p) for p in parts])
        if it % 50 == 0:
            print(f"it {it} {(time.time()-t0)/60:.1f} min lr {lr:.5f} loss {avg[0]:.3f} cls {avg[1]:.3f} obj {avg[2]:.3f} box {avg[3]:.3f} kps {avg[4]:.4f}  "
                  f"ms/scene make {spent[0]/seen*1e3:.1f} train {spent[1]/seen*1e3:.1f}", flush=True)
        if time.time() - last > a.eval_every * 60:
            last = time.time()
            best = checkpoint(ema, onnx, ckpt, sets, best, it, seen)
            comp.mine(Runner(onnx), 400)
            print(f"  false alarms held: {len(comp.hard)}", flush=True)
    checkpoint(ema, onnx, ckpt, sets, best, it, seen)
    finish(onnx, ckpt, sets, a.threshold)
    print(f"end: {it} iterations, {seen} scenes, {(time.time()-t0)/60:.1f} min", flush=True)


def checkpoint(ema, onnx, ckpt, sets, best, it, seen):
    """Export the averaged weights; keep them if they beat the best so far."""
    export(ema, onnx + ".new.onnx")
    print(f"eval at it {it}, {seen} scenes", flush=True)
    f1, th, _ = report(onnx + ".new.onnx", sets)
    if f1 >= best:
        os.replace(onnx + ".new.onnx", onnx)
        torch.save(ema.state_dict(), ckpt)
        json.dump(dict(iterations=it, scenes=seen, mean_f1=f1, threshold=th), open(ckpt + ".json", "w"))
        print(f"  kept: mean F1 {f1:.4f} at threshold {th}", flush=True)
    return max(f1, best)


def finish(onnx, ckpt, sets, target):
    """Re-export the best weights so that the best threshold is about `target`."""
    model, info = Detector(), json.load(open(ckpt + ".json"))
    model.load_state_dict(torch.load(ckpt))
    logit = lambda p: math.log(p / (1 - p))
    info["shift"] = logit(target) - logit(info["threshold"])
    export(model, onnx, info["shift"])
    info["mean_f1"], info["threshold"], sweep = report(onnx, sets)
    info["sweep"] = {n: t for n, (_, t) in sweep.items()}
    json.dump(info, open(ckpt + ".final.json", "w"), indent=1)
    print(f"final: mean F1 {info['mean_f1']:.4f} at threshold {info['threshold']}", flush=True)


if __name__ == "__main__":
    main()
