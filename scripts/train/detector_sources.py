"""Photos with the teacher's faces, decoded and labelled once."""
# SPDX-License-Identifier: MIT

import glob
import os
import time

import cv2
import numpy as np

from detector_network import MAYBE, POS, Runner


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
