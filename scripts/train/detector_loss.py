"""What each cell of the detector's outputs should say, and how far it is from that."""
# SPDX-License-Identifier: MIT

import math

import numpy as np
import torch
import torch.nn.functional as F

from detector_network import GREY, SIZES, STRIDES


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
    cell = torch.from_numpy(np.concatenate(grid).astype("f4"))
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
