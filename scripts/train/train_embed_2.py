#!/usr/bin/env python3
"""Train facectl-embed-2: continue from the checkpoint of train_embed.py with a larger network and more faces.

    train_embed_2.py crops  --git REPO --match REGEX --name NAME --detector yunet.onnx --work W   crops of a git repository's photos
    train_embed_2.py lfw    --git REPO --match REGEX --detector yunet.onnx --work W   LFW, only to exclude it and to test
    train_embed_2.py teach  --work W --teacher mobilefacenet.onnx   the teacher's embedding of every crop
    train_embed_2.py select --work W   drop crops that resemble LFW, find neighbours
    train_embed_2.py train  --work W --resume embed-checkpoint.pt --until 04:15
    train_embed_2.py export --work W --out facectl-embed-2.onnx
    train_embed_2.py eval   --work W --pairs pairs.txt MODEL.onnx ...

The layers, the alignment and the ONNX writer are those of train_embed.py. Differences: the teacher runs once on each clean crop and on its
mirror image, and the sum is the target of both; the student sees moved, recoloured and degraded views; half of each batch are neighbours
(by the teacher's embeddings) of the other half, so that the similarity matrix of the batch has similar faces; the network is the one of
the checkpoint with more channels and blocks, which change nothing at first.

Two processes with one thread each are faster than one with two: start `train` twice with RANK=0 and RANK=1, WORLD_SIZE=2, MASTER_ADDR and
MASTER_PORT set, as torch.distributed requires. The gradients are averaged.
"""
# SPDX-License-Identifier: MIT

import argparse
import copy
import datetime
import glob
import math
import os
import random
import re
import subprocess
import tempfile
import time

import cv2
import numpy as np
import onnx
import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F

import embedder_augment
import embedder_faces
import embedder_network
import embedder_teacher
import train_embed
from embedder_faces import MARGIN, SIDE, SIZE

# Relative frequency of the crops of a source (--name), 1 for the others: small photos are drawn less often.
WEIGHT = {'mostly-celeba-64': 0.5, 'members-small': 0.5}


def student():
    """0.874 M parameters, 146 M multiply-adds; the old one has 0.721 M, 128 M."""
    return embedder_network.Student(mid28=(128, 128), down14=224, mid14=(224,) * 5, down7=384, mid7=(256, 256, 256))


# ------------------------------------------------------------------ crops ----

def photos(git, match):
    """(path, image) of the photos in a git repository whose path matches; no checkout is made, a repeated file is
    given once."""
    listing = subprocess.run(['git', '--git-dir=' + git, 'ls-tree', '-r', 'HEAD'], capture_output=True, check=True)
    rows = {}
    for line in listing.stdout.decode('utf8', 'replace').splitlines():
        meta, path = line.split('\t', 1)
        if re.search(match, path):
            rows.setdefault(meta.split()[2], path)
    cat = subprocess.Popen(['git', '--git-dir=' + git, 'cat-file', '--batch'], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
    for sha, path in rows.items():
        cat.stdin.write((sha + '\n').encode())
        cat.stdin.flush()
        head = cat.stdout.readline().split()
        if head[1] == b'missing':       # larger than the snapshot keeps
            continue
        data = cat.stdout.read(int(head[2]))
        cat.stdout.read(1)
        image = cv2.imdecode(np.frombuffer(data, 'u1'), cv2.IMREAD_COLOR)
        if image is not None and min(image.shape[:2]) >= 24:
            yield path, image
    cat.stdin.close()


def aligned(net, image):
    """The 128x128 crop of the largest face, and by how much it was enlarged; or None."""
    big = max(image.shape[:2])
    if big > 900:
        image = cv2.resize(image, None, fx=900 / big, fy=900 / big, interpolation=cv2.INTER_AREA)
    points = embedder_faces.landmarks(net, image, 160)
    if points is None:
        return None
    return embedder_faces.align(image, points)


def crops(args):
    cv2.setNumThreads(1)
    net = embedder_faces.load_detector(args.detector, 160)
    os.makedirs(os.path.join(args.work, 'crops'), exist_ok=True)
    out = os.path.join(args.work, 'crops', args.name)
    seen = kept = 0
    with open(out + '.u1.part', 'wb') as pixels, open(out + '.txt', 'w') as names:
        for path, image in photos(args.git, args.match):
            seen += 1
            if args.reshape:            # undo a squeeze to a square
                image = cv2.resize(image, tuple(args.reshape), interpolation=cv2.INTER_CUBIC)
            found = aligned(net, image)
            if found is None or found[1] > args.enlarge:
                continue
            pixels.write(found[0].tobytes())
            names.write('%s\t%.2f\t%s\n' % (args.name, found[1], path))
            kept += 1
    os.rename(out + '.u1.part', out + '.u1')
    print(args.name, 'kept', kept, 'of', seen)


def middle_points(net, image, size=256, threshold=0.5):
    """Five points of the face nearest the middle of a 250x250 photo of LFW, found at its own size; or None."""
    canvas, edge = np.zeros((size, size, 3), 'u1'), (size - image.shape[0]) // 2
    canvas[edge:edge + image.shape[0], edge:edge + image.shape[1]] = image
    net.setInput(cv2.dnn.blobFromImage(canvas))
    names = net.getUnconnectedOutLayersNames()
    out = dict(zip(names, net.forward(names)))
    boxes, certain, points = [], [], []
    for stride in (8, 16, 32):
        score = np.sqrt(out['cls_%d' % stride].ravel().clip(0, 1) * out['obj_%d' % stride].ravel().clip(0, 1))
        box, kps = out['bbox_%d' % stride].reshape(-1, 4), out['kps_%d' % stride].reshape(-1, 5, 2)
        for i in np.nonzero(score > threshold)[0]:
            cell = np.array([i % (size // stride), i // (size // stride)])
            wh = np.exp(box[i, 2:]) * stride
            boxes.append([float(v) for v in [*((cell + box[i, :2]) * stride - wh / 2), *wh]])
            certain.append(float(score[i]))
            points.append((kps[i] + cell) * stride)
    if not boxes:
        return None
    off = lambda b: math.hypot(b[0] + b[2] / 2 - size / 2, b[1] + b[3] / 2 - size / 2) - 0.3 * b[2]
    return points[min(np.ravel(cv2.dnn.NMSBoxes(boxes, certain, threshold, 0.3)), key=lambda i: off(boxes[i]))] - edge


def lfw(args):
    """All of LFW (deep-funnelled); a photo without a face found is cut where its faces lie."""
    cv2.setNumThreads(1)
    net, faces, names, missed = embedder_faces.load_detector(args.detector, 256), [], [], 0
    for path, image in sorted(photos(args.git, args.match), key=lambda p: p[0]):
        points = middle_points(net, image)
        if points is None:
            missed += 1
            faces.append(cv2.resize(image[52:198, 52:198], (SIZE, SIZE)))
        else:
            faces.append(cv2.warpAffine(image, embedder_faces.similarity(points, embedder_faces.TEMPLATE), (SIZE, SIZE)))
        names.append(os.path.basename(path)[:-4])
    np.save(os.path.join(args.work, 'lfw.npy'), np.stack(faces))
    with open(os.path.join(args.work, 'lfw.txt'), 'w') as fh:
        fh.write('\n'.join(names) + '\n')
    print(len(names), 'photos,', missed, 'without a face found')


class Crops:
    """The crops of every source as one array, on disk."""

    def __init__(self, work):
        self.names, self.parts, start = [], [], [0]
        for f in sorted(glob.glob(os.path.join(work, 'crops', '*.u1'))):
            part = np.memmap(f, 'u1', 'r').reshape(-1, SIDE, SIDE, 3)
            self.parts.append(part)
            self.names.append(os.path.basename(f)[:-3])
            start.append(start[-1] + len(part))
        self.start = np.array(start)

    def __len__(self):
        return int(self.start[-1])

    def source(self, i):
        return int(np.searchsorted(self.start, i, 'right')) - 1

    def __getitem__(self, i):
        k = self.source(i)
        return self.parts[k][i - self.start[k]]


# ---------------------------------------------------------------- teacher ----

def teacher(source, dtype):
    """mobilefacenet.onnx without the padding around its narrow depthwise layers, which changes no result."""
    model, alias, nodes = onnx.load(source), {}, []
    for n in model.graph.node:
        ins = [alias.get(i, i) for i in n.input]
        if n.op_type in ('Pad', 'Slice'):
            alias[n.output[0]] = ins[0]
            continue
        del n.input[:]
        n.input.extend(ins)
        nodes.append(n)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    path = os.path.join(tempfile.gettempdir(), 'teacher-%d.onnx' % os.getpid())
    onnx.save(model, path)
    net = embedder_teacher.OnnxTeacher(path, dtype)
    os.remove(path)
    return net


def tensor(faces):
    """BGR bytes, NHWC, to what the networks read: RGB 0..255, NCHW."""
    x = torch.from_numpy(np.ascontiguousarray(faces[..., ::-1])).permute(0, 3, 1, 2).float()
    return x.contiguous(memory_format=torch.channels_last)


def embed_both(net, faces, size=16):
    """(n, 2, 128): of the faces and of their mirror images, each normalised."""
    out = []
    for i in range(0, len(faces), size):
        x = tensor(np.ascontiguousarray(faces[i:i + size]))
        out.append(torch.stack([F.normalize(net(v)[3]) for v in (x, x.flip(3))], 1))
    return torch.cat(out).numpy()


def teach(args):
    torch.set_num_threads(1)
    net, m = teacher(args.teacher, torch.bfloat16), MARGIN
    folder = os.path.join(args.work, 'teacher')
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(os.path.join(folder, 'lfw.npy')) and os.path.exists(os.path.join(args.work, 'lfw.npy')):
        np.save(os.path.join(folder, 'lfw.npy'), embed_both(net, np.load(os.path.join(args.work, 'lfw.npy'))))
    for f in sorted(glob.glob(os.path.join(args.work, 'crops', '*.u1'))):
        out = os.path.join(folder, os.path.basename(f)[:-3] + '.npy')
        if not os.path.exists(out):
            part, start = np.memmap(f, 'u1', 'r').reshape(-1, SIDE, SIDE, 3), time.time()
            np.save(out, embed_both(net, part[:, m:-m, m:-m]))
            print(out, len(part), '%.1f ms a crop' % ((time.time() - start) / len(part) * 1e3), flush=True)


def dots(a, b):
    """a @ b.t(), as a convolution: fast where PyTorch is linked to a slow BLAS."""
    return F.conv2d(a[:, :, None, None], b[:, :, None, None])[:, :, 0, 0]


def select(args):
    """Targets, which crops to use, and each one's ten nearest others."""
    torch.set_num_threads(1)
    data = Crops(args.work)
    both = np.concatenate([np.load(os.path.join(args.work, 'teacher', n + '.npy')) for n in data.names])
    target = F.normalize(torch.from_numpy(both).sum(1))
    own = F.normalize(torch.from_numpy(np.load(os.path.join(args.work, 'teacher', 'lfw.npy'))).sum(1))
    like = torch.cat([dots(target[i:i + 500], own).max(1)[0] for i in range(0, len(target), 500)])
    keep = like <= args.limit
    for k, n in enumerate(data.names):
        part = like[data.start[k]:data.start[k + 1]]
        print('%-10s %6d crops, like LFW: > 0.9 %d, > 0.8 %d, > 0.7 %d, > 0.6 %d' % (
            n, len(part), *[(part > t).sum() for t in (0.9, 0.8, 0.7, 0.6)]))
    # Neighbours within random groups of some 8,000: the nearest ten.
    near, repeat = torch.zeros(len(target), 10, dtype=torch.int32), torch.zeros(len(target), dtype=torch.bool)
    ids = torch.nonzero(keep).ravel()
    for group in ids[torch.randperm(len(ids), generator=torch.Generator().manual_seed(2))].chunk(len(ids) // 8000 + 1):
        group = group.sort()[0]
        for i in range(0, len(group), 500):
            rows = group[i:i + 500]
            value, at = dots(target[rows], target[group]).topk(14)
            other = value <= 0.985      # not itself, nor the same photo once more
            repeat[rows] = (~other & (group[at] < rows[:, None])).any(1)
            rank = (other.int() * 14 - torch.arange(14)).topk(10)[1]    # the first ten others
            near[rows] = group[at.gather(1, rank)].int()
    keep &= ~repeat
    print('%d of %d crops kept; %d like LFW (> %.2f), %d repeated; nearest neighbour at %.2f on average' % (
        keep.sum(), len(keep), (like > args.limit).sum(), args.limit, repeat.sum(),
        (target[ids] * target[near[ids, 0].long()]).sum(1).mean()), flush=True)
    np.savez(os.path.join(args.work, 'selected.npz'), target=target.numpy(), keep=keep.numpy(), near=near.numpy())


# ----------------------------------------------------------- augmentation ----

def move(crop, rng, amount):
    a, s = math.radians(rng.gauss(0, 2 * amount)), math.exp(rng.gauss(0, 0.02 * amount))
    c, n, mid, out = s * math.cos(a), s * math.sin(a), SIDE / 2 - 0.5, SIZE / 2 - 0.5
    m = np.array([[c, -n, out + rng.gauss(0, amount) - c * mid + n * mid],
                  [n, c, out + rng.gauss(0, amount) - n * mid - c * mid]])
    v = cv2.warpAffine(crop, m, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.flip(v, 1) if rng.random() < 0.5 else v


STEPS = np.arange(256, dtype='f4')


def recolour(v, rng, amount):
    """Contrast, brightness, gamma and colour cast, through one table a channel."""
    if rng.random() > 0.6 * amount:
        return v
    gain, lift, gamma = rng.uniform(0.75, 1.25), rng.gauss(0, 12), math.exp(rng.gauss(0, 0.15))
    table = (STEPS / 255) ** gamma * 255
    table = (table - 110) * gain + 110 + lift
    cast = [rng.uniform(0.92, 1.08) if rng.random() < 0.5 else 1 for _ in range(3)]
    v = cv2.LUT(v, np.stack([(table * c).clip(0, 255) for c in cast], 1).astype('u1')[None])
    r = rng.random()
    if r < 0.15:
        grey = cv2.cvtColor(cv2.cvtColor(v, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        v = grey if r < 0.08 else cv2.addWeighted(v, 0.5, grey, 0.5, 0)
    return v


def views(data, ids, rng, amount):
    out = []
    for i in ids:
        v = recolour(move(data[i], rng, amount), rng, amount)
        out.append(embedder_augment.degrade(v, rng) if rng.random() < 0.25 * amount else v)
    return tensor(np.stack(out))


# --------------------------------------------------------------- training ----

def grown(state):
    """The old checkpoint in the larger network.  New channels start random but are not read (zero columns); new
    blocks add zero (their last scale)."""
    model = student()
    want = model.state_dict()
    for name, value in want.items():
        if name not in state:
            if name.endswith('project.1.weight'):
                value.zero_()
            continue
        old = state[name]
        if old.shape == value.shape:
            value.copy_(old)
            continue
        if value.dim() == 4 and old.shape[1] != value.shape[1]:     # reads the wider layer
            value.zero_()
        value[tuple(slice(n) for n in old.shape)] = old
    model.load_state_dict(want)
    return model


def batches(usable, near, weight, size, rng):
    """Endless lists of crop numbers: half drawn at random without repetition, half their neighbours."""
    while True:
        order = usable[rng.random(len(usable)) < weight]
        rng.shuffle(order)
        for i in range(0, len(order) - size // 2, size // 2):
            seeds = order[i:i + size // 2]
            yield np.concatenate([seeds, near[seeds, rng.integers(0, near.shape[1], len(seeds))]])


def clock(text):
    """The next time the clock shows HH:MM, as seconds since the epoch."""
    now = datetime.datetime.now()
    h, m = map(int, text.split(':'))
    t = now.replace(hour=h, minute=m, second=0)
    return (t if t > now else t + datetime.timedelta(1)).timestamp()


def train(args):
    cv2.setNumThreads(1)
    torch.set_num_threads(args.threads)
    rank = int(os.environ.get('RANK', 0))
    world = int(os.environ.get('WORLD_SIZE', 1))
    if world > 1:
        dist.init_process_group('gloo')
    torch.manual_seed(2)
    pyrng, rng = random.Random(2), np.random.default_rng(2)
    embedder_network.KERNEL = embedder_network.build_kernel()
    data, chosen = Crops(args.work), np.load(os.path.join(args.work, 'selected.npz'))
    target, near = torch.from_numpy(chosen['target']), chosen['near']
    usable = rng.permutation(np.flatnonzero(chosen['keep']))
    held, usable = np.sort(usable[:512]), usable[512:]
    near = near.copy()
    banned = np.isin(near, held)            # never train on a held-out crop as someone's neighbour
    near[banned] = np.broadcast_to(np.arange(len(near))[:, None], near.shape)[banned]
    weight = np.array([WEIGHT.get(data.names[data.source(i)], 1) for i in usable])
    m = MARGIN
    hx, ht = tensor(np.stack([data[i][m:-m, m:-m] for i in held])), target[held]

    state = torch.load(args.resume, map_location='cpu')
    same = 'step' in state                  # our own checkpoint, not the old network's
    model = student() if same else grown(state['model'])
    if same:
        model.load_state_dict(state['raw'])
    model = model.to(memory_format=torch.channels_last)
    ema = copy.deepcopy(model).eval()
    if same:
        ema.load_state_dict(state['model'])
    decay, rest = [], []
    for p in model.parameters():
        (decay if p.dim() > 1 else rest).append(p)
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': 0.02}, {'params': rest, 'weight_decay': 0}],
                            lr=args.lr, betas=(0.9, 0.99))
    step, seen = (state['step'], state['seen']) if same else (0, 0)
    start, end = state['start'] if same else time.time(), clock(args.until)
    if same and 'opt' in state:
        opt.load_state_dict(state['opt'])
    save = lambda: torch.save({'model': ema.state_dict(), 'raw': model.state_dict(), 'opt': opt.state_dict(),
                               'step': step, 'seen': seen, 'start': start}, os.path.join(args.work, 'last.pt'))
    pyrng, rng = random.Random(int(time.time()) + rank), np.random.default_rng(int(time.time()) + 7 * rank)
    draw = batches(usable, near, weight, args.batch, rng)
    flat = [p for g in opt.param_groups for p in g['params']]
    log, tic, saved, first = np.zeros(3), time.time(), time.time(), step
    print('%d crops to train on, %d held out' % (len(usable), len(held)), flush=True)
    while True:
        stop = torch.tensor([float(time.time() >= end)])
        if world > 1:
            dist.broadcast(stop, 0)
        if stop.item():
            break
        done = (time.time() - start) / (end - start)
        lr = args.lr * min(1, (step - first + 1) / 100) * (0.002 + 0.998 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in opt.param_groups:
            group['lr'] = lr
        ids = next(draw)
        x, t = views(data, ids, pyrng, 1 if done < 0.8 else 0.5), target[ids]
        model.train()
        with torch.autocast('cpu', torch.bfloat16):
            e = model(x)
        e = e.float()
        cos, pair = (1 - F.cosine_similarity(e, t)).mean(), train_embed.pair_loss(e, t)
        opt.zero_grad(set_to_none=True)
        (2 * cos + args.pair * pair).backward()
        if world > 1:
            g = torch.cat([p.grad.reshape(-1) for p in flat])
            dist.all_reduce(g)
            g /= world
            at = 0
            for p in flat:
                p.grad.copy_(g[at:at + p.numel()].view_as(p.grad))
                at += p.numel()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        opt.step()
        step += 1
        seen += len(ids) * world
        k = min(0.998, (step + 1) / (step + 20))
        with torch.no_grad():
            for a, b in zip(ema.state_dict().values(), model.state_dict().values()):
                if a.dtype.is_floating_point:
                    a.lerp_(b, 1 - k)
        log += [cos.item(), pair.item(), 1]
        if step % 100 == 0 and rank == 0:
            print('%s step %d seen %d (%.2f epochs) lr %.5f 1-cos %.4f pair %.5f  %.1f ms a face' % (
                time.strftime('%H:%M:%S'), step, seen, seen / len(usable), lr, log[0] / log[2], log[1] / log[2],
                (time.time() - tic) / log[2] / args.batch / world * 1e3), flush=True)
            log, tic = log * 0, time.time()
        if time.time() - saved > args.save * 60 and rank == 0:
            report(ema, hx, ht)
            save()
            saved = time.time()
    if rank != 0:
        return
    report(ema, hx, ht)
    save()
    print('trained %d steps, %d faces, %.2f epochs' % (step, seen, seen / len(usable)), flush=True)


def report(model, x, t):
    print('%s held-out cosine to the target %.4f' % (
        time.strftime('%H:%M:%S'), F.cosine_similarity(train_embed.embed(model, x), t).mean().item()), flush=True)


# ------------------------------------------------------- export, evaluate ----

def export(args):
    model = student()
    model.load_state_dict(torch.load(args.checkpoint or os.path.join(args.work, 'last.pt'), map_location='cpu')['model'])
    embedder_network.export(model.eval(), args.out)
    faces = np.load(os.path.join(args.work, 'lfw.npy'), mmap_mode='r')[:64]
    net = cv2.dnn.readNetFromONNX(args.out)
    cv2.setNumThreads(1)
    with torch.no_grad():
        want = F.normalize(model(tensor(faces).contiguous()))
    got = []
    for f in faces:
        net.setInput(cv2.dnn.blobFromImage(f, 1, (SIZE, SIZE), (0, 0, 0), True))
        got.append(torch.from_numpy(net.forward().copy()))
    got = F.normalize(torch.cat(got))
    print('%s: %d bytes, %d parameters, largest difference to torch %.2e, smallest cosine %.7f' % (
        args.out, os.path.getsize(args.out), sum(p.numel() for p in model.parameters()),
        (want - got).abs().max(), F.cosine_similarity(want, got).min()))


def embedder(path):
    """A function from a BGR face to its normalised embedding, by OpenCV on one thread."""
    net = cv2.dnn.readNetFromONNX(path)
    mobile = os.path.basename(path).startswith('mobilefacenet')

    def run(face):
        blob = cv2.dnn.blobFromImage(face, 1, (SIZE, SIZE), (0, 0, 0), True)
        if mobile:
            blob = (blob - embedder_teacher.MEAN.numpy()) / embedder_teacher.STD.numpy()
        net.setInput(np.ascontiguousarray(blob, 'f4'))
        e = net.forward().ravel()
        return e / np.linalg.norm(e)
    return run


def read_pairs(path):
    """LFW's pairs.txt (ten folds) or facectl's pairs.tsv: names a, b, same, fold."""
    with open(path) as fh:
        rows = [line.split('\t') for line in fh.read().splitlines()]
    if path.endswith('.tsv'):
        stem = lambda p: os.path.basename(p)[:-4]
        return [(stem(a), stem(b), s == '1') for a, b, s in rows], 1
    out = []
    for p in rows[1:]:
        a, i, b, j = (p[0], p[1], p[0], p[2]) if len(p) == 3 else p
        out.append(('%s_%04d' % (a, int(i)), '%s_%04d' % (b, int(j)), len(p) == 3))
    return out, 10


def wilson(k, n):
    """The 95 % interval of a share."""
    p, z = k / n, 1.96
    mid, half = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return (mid - half) / (1 + z * z / n), (mid + half) / (1 + z * z / n)


def scores(pairs, folds, score):
    same = np.array([p[2] for p in pairs])
    grid = np.linspace(-1, 1, 2001)
    right = (score[None] > grid[:, None]) == same[None]
    if folds == 1:
        acc, used = [right.mean(1).max()], [grid[right.mean(1).argmax()]]
    else:
        fold, acc, used = np.arange(len(pairs)) // (len(pairs) // folds), [], []
        for k in range(folds):
            best = np.argmax(right[:, fold != k].mean(1))
            acc.append(right[best, fold == k].mean())
            used.append(grid[best])
    impostor, genuine = np.sort(score[~same])[::-1], score[same]
    text = 'accuracy %.2f %% +- %.2f (%.2f..%.2f), threshold %.3f' % (
        100 * np.mean(acc), 100 * np.std(acc), *[100 * w for w in wilson(np.mean(acc) * len(pairs), len(pairs))], np.mean(used))
    for rate in (1e-3, 1e-2):
        at = impostor[int(len(impostor) * rate)]
        k = (genuine > at).sum()
        text += '; TAR@%g %.2f %% (%.2f..%.2f) at %.3f' % (
            rate, 100 * k / len(genuine), *[100 * w for w in wilson(k, len(genuine))], at)
    return text


def evaluate(args):
    cv2.setNumThreads(1)
    pairs, folds = read_pairs(args.pairs)
    with open(os.path.join(args.work, 'lfw.txt')) as fh:
        index = {n: i for i, n in enumerate(fh.read().split())}
    faces = np.load(os.path.join(args.work, 'lfw.npy'), mmap_mode='r')
    for path in args.models:
        run, one, two = embedder(path), {}, {}
        for n in sorted({n for p in pairs for n in p[:2]}):
            f = np.ascontiguousarray(faces[index[n]])
            one[n] = run(f)
            if args.mirror:
                two[n] = one[n] + run(f[:, ::-1].copy())
                two[n] /= np.linalg.norm(two[n])
        for label, e in (('', one), (' + mirror', two)):
            if e:
                score = np.array([e[a] @ e[b] for a, b, _ in pairs])
                np.save(os.path.join(args.work, 'scores-%s%s.npy' % (os.path.basename(path)[:-5], label.strip(' +'))), score)
                print(os.path.basename(path) + label + ':', scores(pairs, folds, score), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest='cmd', required=True)

    def command(name, run):
        t = sub.add_parser(name)
        t.add_argument('--work', required=True)
        t.set_defaults(run=run)
        return t
    for name, run in (('crops', crops), ('lfw', lfw)):
        t = command(name, run)
        t.add_argument('--git', required=True)
        t.add_argument('--match', required=True)
        t.add_argument('--detector', required=True, help='YuNet ONNX file')
        if name == 'crops':
            t.add_argument('--name', required=True)
            t.add_argument('--enlarge', type=float, default=2.2, help='drop faces that need more than this')
            t.add_argument('--reshape', type=int, nargs=2, help='width and height to resize to first')
    t = command('teach', teach)
    t.add_argument('--teacher', required=True, help='MobileFaceNet ONNX file')
    t = command('select', select)
    t.add_argument('--limit', type=float, default=0.8)
    t = command('train', train)
    t.add_argument('--resume', required=True)
    t.add_argument('--until', required=True, help='HH:MM')
    t.add_argument('--batch', type=int, default=64)
    t.add_argument('--lr', type=float, default=2e-3)
    t.add_argument('--pair', type=float, default=20)
    t.add_argument('--threads', type=int, default=1)
    t.add_argument('--save', type=float, default=5, help='minutes between checkpoints')
    t = command('export', export)
    t.add_argument('--out', required=True)
    t.add_argument('--checkpoint')
    t = command('eval', evaluate)
    t.add_argument('--pairs', required=True)
    t.add_argument('--mirror', action='store_true')
    t.add_argument('models', nargs='+')
    args = p.parse_args()
    args.run(args)


if __name__ == '__main__':
    main()
