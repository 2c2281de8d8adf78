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
import math
import os
import random
import time

import cv2
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import embedder_network
from embedder_augment import batch
from embedder_faces import MARGIN, SIZE, prep
from embedder_network import Student, build_kernel, export
from embedder_teacher import OnnxTeacher


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
    torch.set_num_threads(2)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    rng = random.Random(1)
    embedder_network.KERNEL = build_kernel()
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
