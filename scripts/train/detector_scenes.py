"""Training scenes, composed on the fly from photos with labelled faces."""
# SPDX-License-Identifier: MIT

import math

import cv2
import numpy as np

from detector_network import FLIP, POS


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
