"""Aligned crops, moved, mixed, recoloured and degraded."""
# SPDX-License-Identifier: MIT

import math

import cv2
import numpy as np
import torch

from embedder_faces import SIZE


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
