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
import json
import math
import os
import time

import cv2
import numpy as np
import torch
import torch.nn as nn

from detector_loss import assign, cells, loss_of
from detector_network import MAYBE, POS, Detector, Runner, export
from detector_scenes import Composer
from detector_sources import Store, images, load


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
