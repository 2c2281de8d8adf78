#!/usr/bin/env python3
"""Train the second branch of facectl's attributes network: whether forehead, eyes and mouth of an aligned face are occluded.

    facectl --format ndjson detect --attributes none --files-from LIST > faces.ndjson
    train_occlusion.py prep   --faces faces.ndjson --root DIR --out WORK
    train_occlusion.py paint  --facectl facectl --out WORK      painted photos in which facectl finds the faces itself
    train_occlusion.py train  --out WORK [--minutes 40]
    train_occlusion.py export --out WORK --attributes facectl-attributes.onnx      chooses thresholds, adds the branch to the file
    train_occlusion.py eval   --out WORK

The occluders are painted; occlusion_labels.txt has what a person saw in the photos. No photo of a test person is trained on.
"""
# SPDX-License-Identifier: MIT

import argparse
import copy
import hashlib
import json
import math
import os
import subprocess
import time

import cv2
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import helper

import embedder_network
from embedder_faces import SIZE, TEMPLATE, similarity
from occlusion_paint import Painter, UNKNOWN

MARGIN = 44                     # of a stored canvas around the 112x112 that facectl makes
SIDE = SIZE + 2 * MARGIN
TRIM = 24                       # of the canvases that are painted while training
REGIONS = ('forehead', 'eyes', 'mouth')
TRAIN, VALIDATION, TEST = range(3)
HERE = os.path.dirname(os.path.abspath(__file__))


# ------------------------------------------------------------------ faces ----

def canvas(image, points, margin=MARGIN):
    """The aligned face with its surroundings, black outside of the photo as in facectl, from 2x2 samples a pixel."""
    side = SIZE + 2 * margin
    m = similarity(points, TEMPLATE) * 2
    m[:, 2] += 2 * margin + .5
    scale = math.hypot(m[0, 0], m[1, 0]) / 2
    if scale < .5:
        f = int(1 / scale)
        image = cv2.blur(image, (f, f))
    return cv2.resize(cv2.warpAffine(image, m, (2 * side, 2 * side)), (side, side), interpolation=cv2.INTER_AREA)


def records(path):
    with open(path) as fh:
        return [r for r in map(json.loads, fh) if r.get('result') == 'face']


def read_labels():
    """Of each photo: the letters of its line, see occlusion_labels.txt."""
    with open(os.path.join(HERE, 'occlusion_labels.txt')) as fh:
        return dict(line.split() for line in fh if not line.startswith('#'))


def label_of(letters):
    """Forehead, eyes, mouth: 1 occluded, 0 not, UNKNOWN doubtful."""
    return [1 if up in letters else UNKNOWN if any(c in letters for c in low) else 0 for up, low in (('F', 'fgh'), ('E', 'e'), ('M', 'm'))]


def part_of(person, letters):
    """Most of the few occluded faces are for testing; eyes and mouths are trained with painted objects only."""
    x = int(hashlib.sha256(person.encode()).hexdigest()[:8], 16) / 2 ** 32
    shares = (0, .2) if 'E' in letters or 'M' in letters else (.35, .5) if 'F' in letters or 'g' in letters else (.55, .75)
    return TRAIN if x < shares[0] else VALIDATION if x < shares[1] else TEST


def prep(args):
    cv2.setNumThreads(1)
    found, labels = {}, read_labels()
    for r in records(args.faces):
        found.setdefault(os.path.relpath(r['path'], args.root), []).append(r)
    items, canvases, letters_of = [], [], {}
    for path, faces in sorted(found.items()):
        photo = cv2.imread(os.path.join(args.root, path))
        lone = path.startswith('lfw')
        if lone:                # the subject is in the middle
            middle = np.array(photo.shape[1::-1]) / 2
            faces = [min(faces, key=lambda f: np.abs(np.array(f['box']).reshape(2, 2).mean(0) - middle).sum())]
        for f in faces:
            name = path if lone else '%s#%d' % (path, f['face'])
            person = path.split('/')[1] if lone else ''
            letters = labels.get(name, '')
            letters_of[person] = letters_of.get(person, '') + letters
            items.append(dict(name=name, face=f['face'], person=person, letters=letters, label=label_of(letters),
                              **{k: f[k] for k in ('eye_distance', 'pan', 'tilt', 'visibility')}))
            canvases.append(canvas(photo, np.array(f['landmarks'], 'f8').reshape(5, 2)))
    for i in items:
        i['part'] = part_of(i['person'], letters_of[i['person']]) if i['person'] else TEST
    for r in records(args.drawn) if args.drawn else ():     # their hair covers the forehead, or not
        items.append(dict(name=r['path'], face=r['face'], person='drawn', letters='', label=[UNKNOWN, 0, 0], part=TRAIN,
                          **{k: r[k] for k in ('eye_distance', 'pan', 'tilt', 'visibility')}))
        canvases.append(canvas(cv2.imread(r['path']), np.array(r['landmarks'], 'f8').reshape(5, 2)))
    os.makedirs(args.out, exist_ok=True)
    np.save(os.path.join(args.out, 'canvases.npy'), np.array(canvases))
    with open(os.path.join(args.out, 'faces.json'), 'w') as fh:
        json.dump(items, fh)
    for part in (TRAIN, VALIDATION, TEST):
        mine = [i for i in items if i['part'] == part]
        print(('train', 'validation', 'test')[part], len(mine), 'faces of', len({i['person'] for i in mine}), 'persons; occluded:',
              {r: sum(i['label'][k] == 1 for i in mine) for k, r in enumerate(REGIONS)})


class Faces:
    def __init__(self, out):
        self.canvases = np.load(os.path.join(out, 'canvases.npy'), mmap_mode='r')
        with open(os.path.join(out, 'faces.json')) as fh:
            self.items = json.load(fh)
        self.labels = np.array([i['label'] for i in self.items])
        self.part = np.array([i['part'] for i in self.items])

    def painter(self, part, margin, seed):
        js = np.nonzero(self.part == part)[0]
        cut = slice(MARGIN - margin, SIDE - MARGIN + margin)
        painter = Painter(np.ascontiguousarray(self.canvases[js][:, cut, cut]), margin, rng=np.random.default_rng(seed))
        painter.labels = self.labels[js]
        painter.donors = np.nonzero(painter.labels[:, 0] == 1)[0]
        return painter, js


# -------------------------------------------------- painted photos, found ----

def paint(args):
    """Occluders change where the detector puts the landmarks, so some painted photos go through it."""
    cv2.setNumThreads(1)
    faces, folder = Faces(args.out), os.path.join(args.out, 'painted')
    os.makedirs(folder, exist_ok=True)
    labels, names = {}, []
    for part, count in ((TRAIN, args.count), (VALIDATION, args.count // 3), (TEST, args.count // 2)):
        painter, _ = faces.painter(part, MARGIN, 10 + part)
        for n in range(count):
            image, label = painter.painted(painter.rng.integers(len(painter.canvases)))
            if max(painter.place.covered(painter.cover)) < .05 and n % 4:
                continue        # few without anything: there are the photos themselves
            name = '%d-%04d.png' % (part, n)
            cv2.imwrite(os.path.join(folder, name), image)
            labels[name] = part, [int(v) for v in label]
            names.append(os.path.join(folder, name))
    listed = os.path.join(args.out, 'painted.txt')
    with open(listed, 'w') as fh:
        fh.write('\n'.join(names) + '\n')
    lines = subprocess.run([args.facectl, '--format', 'ndjson', 'detect', '--attributes', 'none', '--files-from', listed],
                           stdout=subprocess.PIPE, check=False).stdout.splitlines()
    best, centre = {}, (TEMPLATE + MARGIN).mean(0)
    for line in lines:
        r = json.loads(line)
        if r.get('result') == 'face':
            p = np.array(r['landmarks'], 'f8').reshape(5, 2)
            away = np.linalg.norm(p.mean(0) - centre)
            if away < 20 and away < best.get(r['path'], (99,))[0]:
                best[r['path']] = away, p
    crops, items, kept = [], [], [os.path.basename(p) for p in names if p in best]
    for name in kept:
        path = os.path.join(folder, name)
        crops.append(canvas(cv2.imread(path), best[path][1], 8))
        items.append(labels[name])
    np.savez(os.path.join(args.out, 'painted.npz'), crops=np.array(crops), name=np.array(kept), part=np.array([i[0] for i in items]),
             label=np.array([i[1] for i in items]))
    print('the detector found', len(crops), 'of', len(names))


# ---------------------------------------------------------------- network ----

class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = embedder_network.conv_bn(channels, channels, 3, relu=False)

    def forward(self, x):
        return F.relu(x + self.a(x))


class Net(nn.Module):
    """Input Nx3x112x112 RGB 0..255; three logits. 13.8 million multiplications."""

    def __init__(self):
        super().__init__()
        conv = embedder_network.conv_bn
        self.trunk = nn.Sequential(conv(3, 16, 3, 2), conv(16, 24, 3, 2), conv(24, 40, 3, 2), Residual(40), Residual(40),
                                   conv(40, 56, 3, 2), Residual(56), conv(56, 16))
        self.drop, self.last = nn.Dropout(.2), nn.Conv2d(16, 3, 7)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')
        self.last.weight.data *= .2

    def forward(self, x):
        x = self.trunk(x * (1 / 64))    # no shift: zero padding stays black, so this folds exactly
        with torch.autocast('cpu', enabled=False):
            return self.last(self.drop(x.float())).flatten(1)


# --------------------------------------------------------------- training ----

def view(image, rng, margin):
    """A 112x112 crop, RGB, as a slightly different alignment, size, blur and compression would give it."""
    wild = 2.2 if rng.random() < .12 else 1
    a, s = math.radians(rng.normal(0, 4.5 * wild)), math.exp(rng.normal(0, .05 * wild))
    mirrored = rng.random() < .5
    c, d = math.cos(a) * s, math.sin(a) * s
    r = np.array([[c, -d], [d, c]]) @ np.diag([-1 if mirrored else 1, 1])
    centre = np.array([56., 72.])
    t = np.array([111 - centre[0] if mirrored else centre[0], centre[1]])
    m = np.hstack([r, (t * [1, 1] + rng.normal(0, 2 * wild, 2) - r @ (centre + margin))[:, None]])
    x = cv2.warpAffine(image, m, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    if rng.random() < .35:      # a small face: 9 to 30 pixels between the eyes
        k = int(rng.uniform(28, 96))
        x = cv2.resize(cv2.resize(x, (k, k), interpolation=cv2.INTER_AREA), (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    elif rng.random() < .3:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(.4, 2))
    if rng.random() < .3:
        x = cv2.imdecode(cv2.imencode('.jpg', x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(30, 90))])[1], 1)
    return x[:, :, ::-1]


def borders(x, y, rng):
    """Black, as outside of the photo, with a straight edge of any direction. What it hides is not an occluder; a large part of it is not known."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    for k in range(len(x)):
        if rng.random() < .25:
            side, t = rng.choice(4, p=(.5, .2, .15, .15)), rng.uniform(1, 34)
            away = (rows, SIZE - 1 - rows, columns, SIZE - 1 - columns)[side] + ((columns if side < 2 else rows) - SIZE / 2) * rng.normal(0, .1)
            x[k][away < t] = 0
            if side == 0 and (t > 30 or (t > 22 and y[k, 0] == 1)):
                y[k, 0] = UNKNOWN
            if side == 1 and t > 14:
                y[k, 2] = UNKNOWN


def recolour(x, g):
    """Light, contrast, tint, grey and noise, for a whole batch."""
    n = len(x)
    rand, randn = (lambda *s: torch.rand(*s, generator=g)), (lambda *s: torch.randn(*s, generator=g))
    x = x.permute(0, 3, 1, 2).float()
    grey = (x * torch.tensor([.299, .587, .114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    colour = torch.where(rand(n, 1, 1, 1) < .3, torch.zeros(n, 1, 1, 1), .5 + rand(n, 1, 1, 1) * .9)
    colour[rand(n) < .4] = 1
    x = grey + (x - grey) * colour
    gain = torch.exp(randn(n, 1, 1, 1) * .22) * torch.exp(randn(n, 3, 1, 1) * .06 * (rand(n, 1, 1, 1) < .5))
    x = (x - 110) * gain + 110 + randn(n, 1, 1, 1) * 18
    k = n // 5
    x[torch.randperm(n, generator=g)[:k]] += randn(k, *x.shape[1:]) * (rand(k, 1, 1, 1) * 10)
    return x.clamp(0, 255)


POOL, FRESH, BATCH = 8192, 9, 64


class Batches:
    """Painted faces, a few of them replaced in each step; photos as they are; painted photos at their detected places."""

    def __init__(self, out, seed):
        self.faces, self.rng = Faces(out), np.random.default_rng(seed)
        self.painter, _ = self.faces.painter(TRAIN, TRIM, seed)
        side = SIZE + 2 * TRIM
        self.pool, self.label, self.filled = np.empty((POOL, side, side, 3), 'u1'), np.empty((POOL, 3), int), 0
        found = np.load(os.path.join(out, 'painted.npz'))
        js = found['part'] == TRAIN
        self.found, self.found_label = found['crops'][js], found['label'][js]
        seen = self.painter.labels
        weight = np.where((seen == 1).any(1), 4., 1.)
        self.weight = weight / weight.sum()
        for _ in range(30):
            self.refresh()

    def refresh(self):
        for _ in range(FRESH):
            k = self.filled if self.filled < POOL else self.rng.integers(POOL)
            j = self.rng.choice(len(self.weight), p=self.weight) if self.rng.random() < .3 else self.rng.integers(len(self.weight))
            self.pool[k], self.label[k] = self.painter.painted(j)
            self.filled = min(self.filled + (k == self.filled), POOL)

    def next(self):
        self.refresh()
        rng, x, y = self.rng, np.empty((BATCH, SIZE, SIZE, 3), 'u1'), np.empty((BATCH, 3), int)
        for b in range(BATCH):
            kind = b % 8
            if kind < 5:
                k = rng.integers(self.filled)
                x[b], y[b] = view(self.pool[k], rng, TRIM), self.label[k]
            elif kind == 5:
                k = rng.integers(len(self.found))
                x[b], y[b] = view(self.found[k], rng, 8), self.found_label[k]
            else:
                k = rng.choice(len(self.weight), p=self.weight)
                x[b], y[b] = view(self.painter.canvases[k], rng, TRIM), self.painter.labels[k]
        borders(x, y, rng)
        return torch.from_numpy(x), torch.from_numpy(y)


def loss_of(logits, y):
    target = (y == 1).float() * .98 + .01
    cost = F.binary_cross_entropy_with_logits(logits, target, reduction='none')
    known = (y != UNKNOWN).float()
    return ((cost * known).sum(0) / known.sum(0).clamp(min=1)).sum()


@torch.no_grad()
def predict(net, crops):
    """Logits of RGB crops, mean of the two views that facectl takes: rolled by 5 degrees, and the mirror image likewise."""
    out = []
    for i in range(0, len(crops), 64):
        x = torch.from_numpy(np.ascontiguousarray(crops[i:i + 64])).permute(0, 3, 1, 2).float()
        out.append(net(x))
    return torch.cat(out)


def rolled(image, margin, degrees, mirrored):
    """The view of facectl: the crop rolled about its middle, clockwise, then mirrored; RGB."""
    m = cv2.getRotationMatrix2D((margin + (SIZE - 1) / 2, margin + (SIZE - 1) / 2), -degrees, 1)
    m[:, 2] -= margin
    x = cv2.warpAffine(image, m, (SIZE, SIZE))[:, :, ::-1]
    return x[:, ::-1] if mirrored else x


def scores(net, canvases, margin):
    """Mean probability of facectl's two views."""
    two = [predict(net, np.stack([rolled(c, margin, d, f) for c in canvases])).sigmoid() for d, f in ((-5, False), (5, True))]
    return ((two[0] + two[1]) / 2).numpy()


def progress(net, faces, found):
    """Areas under the curve on validation: photos as they are, and painted ones."""
    js = np.nonzero(faces.part == VALIDATION)[0]
    r = {}
    for name, s, y in (('real', scores(net, faces.canvases[js], MARGIN), faces.labels[js]),
                       ('painted', scores(net, found['crops'][found['part'] == VALIDATION], 8), found['label'][found['part'] == VALIDATION])):
        for k, region in enumerate(REGIONS):
            a, b = s[y[:, k] == 1, k], s[y[:, k] == 0, k]
            if len(a):
                r[name + ' ' + region] = (round(float((a[:, None] > b).mean()), 4), 'at 1 %% %.3f' % (a > np.quantile(b, .99)).mean())
            else:
                r[name + ' ' + region] = ('99 %% below %.3f' % np.quantile(b, .99),)
    return r


def train(args):
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    g = torch.Generator().manual_seed(1)
    embedder_network.KERNEL = embedder_network.build_kernel()
    batches, net, found = Batches(args.out, 1), Net(), dict(np.load(os.path.join(args.out, 'painted.npz')))
    if args.resume:
        net.load_state_dict(torch.load(args.resume))
    net = net.to(memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval()
    decay, rest = [p for p in net.parameters() if p.dim() > 1], [p for p in net.parameters() if p.dim() <= 1]
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': .05}, {'params': rest, 'weight_decay': 0}], lr=args.lr, betas=(.9, .99))
    start, spent = time.time(), time.process_time()
    step = total = 0
    while True:
        done = max((time.time() - start) / (args.wall * 60), (time.process_time() - spent) / (args.minutes * 60))
        if done > 1 or (args.steps and step >= args.steps):
            break
        for group in opt.param_groups:
            group['lr'] = args.lr * min(1, (step + 1) / 100) * (.004 + .996 * .5 * (1 + math.cos(math.pi * done)))
        x, y = batches.next()
        net.train()
        with torch.autocast('cpu', torch.bfloat16):
            logits = net(recolour(x, g).contiguous(memory_format=torch.channels_last))
        loss = loss_of(logits, y)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()
        step += 1
        total += float(loss) / 100
        with torch.no_grad():
            for a, b in zip(average.state_dict().values(), net.state_dict().values()):
                if a.dtype.is_floating_point:
                    a.lerp_(b, 1 - min(.995, step / (step + 20)))
        if step % 100 == 0:
            print('%5.1f min, %.1f of the processor, step %d, loss %.4f' % ((time.time() - start) / 60, (time.process_time() - spent) / 60, step, total), flush=True)
            total = 0
        if step % 500 == 0:
            torch.save(average.state_dict(), os.path.join(args.out, 'occlusion-checkpoint.pt'))
            print(progress(average, batches.faces, found), flush=True)
    torch.save(average.state_dict(), os.path.join(args.out, 'occlusion-checkpoint.pt'))
    print('trained', step, 'steps', progress(average, batches.faces, found), flush=True)


# ------------------------------------------------ threshold and export ----

def known(faces, part, region):
    """Which photos of a part are certainly without an occluder there, and which have one; large faces that look at the camera."""
    fine = np.array([i['eye_distance'] >= 10 and abs(i['pan']) <= 40 and i['visibility'] >= .9 for i in faces.items])
    mine = (faces.part == part) & fine
    return mine & (faces.labels[:, region] == 0), mine & (faces.labels[:, region] == 1)


def shrunk(image, k):
    side = image.shape[0]
    small = cv2.resize(image, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR)


@torch.no_grad()
def logits_of(net, canvases, margin):
    return np.stack([predict(net, np.stack([rolled(c, margin, d, f) for c in canvases])).numpy() for d, f in ((-5, False), (5, True))])


def shifts(net, faces, share):
    """What to subtract from the logits, so that this share of clean validation photos, in three sizes, has a probability of 1/2."""
    out = []
    for region in range(3):
        js = np.nonzero(known(faces, VALIDATION, region)[0])[0]
        z = np.concatenate([logits_of(net, [shrunk(c, k) if k < 1 else c for c in faces.canvases[js]], MARGIN)[:, :, region] for k in (1, .6, .35)], 1)
        low, high = -8., 12.
        for _ in range(40):
            middle = (low + high) / 2
            over = ((1 / (1 + np.exp(middle - z))).mean(0) >= .5).mean()
            low, high = (middle, high) if over > share else (low, middle)
        out.append(high)
    return np.array(out)


def write(net, source, path, shift):
    """Append the branch to the network of the other attributes; BatchNorm, the scale of the input and the shift are folded in."""
    net, g = copy.deepcopy(net).float().eval(), embedder_network.OnnxWriter()

    def conv(x, layer):
        w, b = embedder_network.fold(layer[0].weight, layer[1])
        return g.conv(x, w, b, layer[0].stride[0], layer[0].padding[0], 1, layer[1].relu)

    x = 'image'
    net.trunk[0][0].weight.data /= 64
    for layer in net.trunk:
        x = g.op('Relu', g.op('Add', x, conv(x, layer.a))) if isinstance(layer, Residual) else conv(x, layer)
    x = g.conv(x, net.last.weight.detach().numpy(), net.last.bias.detach().numpy() - shift.astype('f4'))
    g.op('Flatten', g.op('Sigmoid', x), axis=1)
    model = onnx.load(source)
    before = {n.output[0] for n in model.graph.node} | {w.name for w in model.graph.initializer}
    for old in [n for n in model.graph.output if n.name == 'occlusion']:     # a file that has the branch already
        raise SystemExit('%s has the output %s' % (source, old.name))
    rename = lambda n: n if n == 'image' else 'occlusion' if n == g.nodes[-1].output[0] else 'o_' + n
    for node in g.nodes:
        node.input[:], node.output[:] = [rename(n) for n in node.input], [rename(n) for n in node.output]
    for w in g.weights:
        w.name = rename(w.name)
    assert not before & ({n.output[0] for n in g.nodes} | {w.name for w in g.weights})
    model.graph.node.extend(g.nodes)
    model.graph.initializer.extend(g.weights)
    model.graph.output.extend([helper.make_tensor_value_info('occlusion', 1, [1, 3])])
    onnx.checker.check_model(model)
    onnx.save(model, path)


def export(args):
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    faces, net = Faces(args.out), Net()
    net.load_state_dict(torch.load(os.path.join(args.out, 'occlusion-checkpoint.pt')))
    net.eval()
    shift = shifts(net, faces, args.false_alarms)
    path = os.path.join(args.out, 'facectl-attributes.onnx')
    write(net, args.attributes, path, shift)
    old, new = cv2.dnn.readNetFromONNX(args.attributes), cv2.dnn.readNetFromONNX(path)
    away = changed = 0
    for c in faces.canvases[np.nonzero(faces.part == TEST)[0][:200]]:
        crop = np.ascontiguousarray(c[MARGIN:MARGIN + SIZE, MARGIN:MARGIN + SIZE])
        blob = cv2.dnn.blobFromImage(crop, swapRB=True)
        old.setInput(blob)
        new.setInput(blob)
        a, b, o = old.forward('attributes'), new.forward('attributes'), new.forward('occlusion')
        changed += not np.array_equal(a, b)
        z = predict(net, crop[None, :, :, ::-1]).numpy() - shift
        away = max(away, np.abs(1 / (1 + np.exp(-z)) - o).max())
    with open(path, 'rb') as fh:
        content = fh.read()
    print('shifts', shift.round(3), '%d bytes, SHA-256 %s' % (len(content), hashlib.sha256(content).hexdigest()))
    print('200 faces: OpenCV against torch within %.2g; other attributes changed in %d' % (away, changed))


# -------------------------------------------------------------- evaluation ----

def interval(k, n):
    """Wilson's 95 % interval of a share, in percent."""
    if n == 0:
        return '-'
    z, p = 1.96, k / n
    c, h = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return '%d of %d, %.1f %% (%.1f to %.1f)' % (k, n, 100 * p, 100 * (c - h) / (1 + z * z / n), 100 * (c + h) / (1 + z * z / n))


def evaluate(args):
    """What the records of facectl detect --attributes occlusion say of the photos and the painted photos of test persons."""
    faces, said = Faces(args.out), {}
    keys = ('forehead_occluded', 'eye_occluded', 'mouth_occluded')
    for r in records(args.records):
        said['%s#%d' % (os.path.relpath(r['path'], args.root), r['face'])] = r
    rows, absent = [], 0
    found = np.load(os.path.join(args.out, 'painted.npz'))
    painted = {name: label for name, label in zip(found['name'], found['label'])}
    for key, r in said.items():
        name = os.path.basename(key).split('#')[0]
        middle = np.array(r['landmarks'], 'f8').reshape(5, 2).mean(0)
        if key.split('/')[-2] == 'painted' and name in painted and np.linalg.norm(middle - (TEMPLATE + MARGIN).mean(0)) < 20 and keys[0] in r:
            rows.append((dict(part=int(name[0]), person='painted', letters='', label=list(painted[name])), [r[k] for k in keys]))
    for i in faces.items:
        r = said.get(i['name'] if '#' in i['name'] else '%s#%d' % (i['name'], i['face']))
        absent += r is not None and keys[0] not in r
        if r and keys[0] in r:
            rows.append((i, [r[k] for k in keys]))
    print('faces', len(faces.items), 'without an answer', absent)
    real = lambda i: i['person'] not in ('', 'painted', 'drawn')
    for name, wanted in (('LFW, test persons', lambda i: i['part'] == TEST and real(i)), ('other photos', lambda i: not i['person']),
                         ('painted, test', lambda i: i['part'] == TEST and i['person'] == 'painted'),
                         ('validation', lambda i: i['part'] == VALIDATION and real(i)), ('trained', lambda i: i['part'] == TRAIN and real(i))):
        mine = [(i, s) for i, s in rows if wanted(i)]
        for k, region in enumerate(REGIONS):
            print('%-18s %-9s false alarms %-40s found %-36s doubtful %s' % (
                name, region, *(interval(sum(s[k] for i, s in mine if i['label'][k] == v), sum(i['label'][k] == v for i, _ in mine)) for v in (0, 1, UNKNOWN))))
        hair = [s[0] for i, s in mine if 'h' in i['letters']]
        clean = [s for i, s in mine if i['label'] == [0, 0, 0]]
        print('%-18s hair down to the brows %s; any false alarm on clean faces %s' % (name, interval(sum(hair), len(hair)), interval(sum(any(s) for s in clean), len(clean))))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest='command', required=True)
    for name, run in (('prep', prep), ('paint', paint), ('train', train), ('export', export), ('eval', evaluate)):
        t = sub.add_parser(name)
        t.add_argument('--out', required=True)
        t.set_defaults(run=run)
        if name == 'prep':
            t.add_argument('--faces', required=True, help='records of facectl detect')
            t.add_argument('--root', required=True, help='folder of the photos')
            t.add_argument('--drawn', help='records of faces by draw-faces, which nothing covers')
        if name == 'paint':
            t.add_argument('--facectl', required=True)
            t.add_argument('--count', type=int, default=1800)
        if name == 'train':
            t.add_argument('--minutes', type=float, default=25, help='of processor time')
            t.add_argument('--wall', type=float, default=60, help='minutes until it ends in any case')
            t.add_argument('--lr', type=float, default=4e-3)
            t.add_argument('--resume', help='a checkpoint to start from')
            t.add_argument('--steps', type=int)
        if name == 'export':
            t.add_argument('--attributes', required=True, help='the file without this branch')
            t.add_argument('--false-alarms', type=float, default=.01)
        if name == 'eval':
            t.add_argument('--records', required=True, help='of facectl detect --attributes occlusion')
            t.add_argument('--root', required=True, help='folder of the photos')
    args = p.parse_args()
    args.run(args)


if __name__ == '__main__':
    main()
