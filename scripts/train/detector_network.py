"""The detector's network: layers, export to ONNX, and running such a file with OpenCV."""
# SPDX-License-Identifier: MIT

import copy
import os

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
