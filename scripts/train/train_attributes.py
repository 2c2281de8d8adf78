#!/usr/bin/env python3
"""Train facectl's attributes network: age, sex, emotion, smile and glasses of an aligned face.

    train_attributes.py prep     --data DIR --detector yunet.onnx --out WORK
    train_attributes.py match    --out WORK        FER2013's own labels for the pictures of FER+, and pictures that occur twice
    train_attributes.py embed    --embedder facectl-embed.onnx --out WORK
    train_attributes.py split    --out WORK        what is trained on, held out, or excluded because it resembles what is held out
    train_attributes.py opinions --package face-api/package --out WORK      (attributes_others.py)
    train_attributes.py train    --out WORK [--minutes 57] [--resume CHECKPOINT]
    train_attributes.py export   --out WORK        calibrates on the validation part, writes the ONNX file, checks it in OpenCV
    train_attributes.py eval     --model facectl-attributes.onnx --out WORK

All weights start random. DIR has the folders that the functions in attributes_sources.py name. attributes_data.py has the labels and the
parts, attributes_report.py prints the tables; the alignment, the fused BatchNorm and the ONNX writer are those of the embedder.
"""
# SPDX-License-Identifier: MIT

import argparse
import copy
import hashlib
import math
import os
import queue
import random
import threading
import time

import cv2
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import helper

import embedder_faces
import embedder_network
from attributes_data import AGES, CIRCUMPLEX, Data, LEFT, TEST, TOP, VALIDATION, WINDOW, embed, match, split
from attributes_report import evaluate, run_opencv
from attributes_sources import prep
from embedder_faces import MARGIN


def opinions(args):
    """face-api's (MIT) estimates of the age in photos whose age is not known."""
    from attributes_others import FaceApi
    torch.set_num_threads(1)
    net = FaceApi(args.package)
    for name in ('mtfl', 'celeba'):
        crops = np.load(os.path.join(args.out, name + '.npy'), mmap_mode='r')
        top, left, ages = 30, LEFT + MARGIN, []
        for i in range(0, len(crops), 16):
            views = [cv2.resize(np.ascontiguousarray(c[..., ::-1]), (embedder_faces.SIZE, embedder_faces.SIZE)) for c in crops[i:i + 16, top:top + WINDOW, left:left + WINDOW]]
            ages.append(net(torch.from_numpy(np.stack(views)).permute(0, 3, 1, 2).float())[0])
        np.savez(os.path.join(args.out, f'fa_{name}.npz'), age=torch.cat(ages).numpy())


# --------------------------------------------------------------- network ----

class Residual(nn.Module):
    """One 3x3 convolution with a shortcut."""

    def __init__(self, channels):
        super().__init__()
        self.a = embedder_network.conv_bn(channels, channels, 3, relu=False)

    def forward(self, x):
        return F.relu(x + self.a(x))


class Net(nn.Module):
    """Input Nx3x84x84 RGB 0..255; plain 3x3 convolutions, which OpenCV 4.6 runs fastest."""

    def __init__(self):
        super().__init__()
        conv = embedder_network.conv_bn
        self.trunk = nn.Sequential(conv(3, 24, 3, 2), conv(24, 48, 3, 2), Residual(48), Residual(48), conv(48, 64, 3, 2),
                                   Residual(64), Residual(64), Residual(64), conv(64, 112, 3, 2))
        self.who, self.mood = conv(112, 56, 3), conv(112, 56, 3)        # lasting traits, and what the face does just now
        self.age, self.sex, self.glasses = nn.Linear(56, len(AGES)), nn.Linear(56, 2), nn.Linear(56, 1)
        self.emotion, self.smile = nn.Linear(56, 8), nn.Linear(56, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out')

    def forward(self, x):
        x = self.trunk(x * (1 / 64))    # no shift: zero padding stays black, so this folds exactly
        a, b = self.who(x).float().mean((2, 3)), self.mood(x).float().mean((2, 3))
        with torch.autocast('cpu', enabled=False):
            return dict(age=self.age(a), sex=self.sex(a), glasses=self.glasses(a)[:, 0], emotion=self.emotion(b), smile=self.smile(b)[:, 0])


# -------------------------------------------------------------- training ----

def view(crop, rng):
    """A moved, perhaps mirrored and worsened 84x84 RGB view of a stored crop."""
    v = cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB) if crop.ndim == 2 else np.ascontiguousarray(crop[..., ::-1])
    angle, s = math.radians(rng.gauss(0, 4.5)), math.exp(rng.gauss(0, .045))
    c, n = s * math.cos(angle), s * math.sin(angle)
    mx, my, half = LEFT + MARGIN + WINDOW / 2 - .5, TOP + MARGIN + WINDOW / 2 - .5, WINDOW / 2 - .5
    m = np.array([[c, -n, half + rng.gauss(0, 1.6) - c * mx + n * my], [n, c, half + rng.gauss(0, 1.6) - n * mx - c * my]])
    v = cv2.warpAffine(v, m, (WINDOW, WINDOW), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < .5:
        v = np.ascontiguousarray(v[:, ::-1])
    worse = rng.random()
    if worse < .10:
        v = cv2.GaussianBlur(v, (0, 0), rng.uniform(.5, 1.6))
    elif worse < .25:
        k = rng.randint(22, 60)
        v = cv2.resize(cv2.resize(v, (k, k), interpolation=cv2.INTER_AREA), (WINDOW, WINDOW))
    elif worse < .35:
        v = cv2.imdecode(cv2.imencode('.jpg', v, [1, rng.randint(20, 70)])[1], 1)
    if rng.random() < .25:      # something in the way
        w, h = rng.randint(8, 34), rng.randint(8, 34)
        x, y = rng.randint(0, WINDOW - w), rng.randint(0, WINDOW - h)
        v[y:y + h, x:x + w] = [rng.randrange(256) for _ in range(3)]
    return v


SHARE = dict(utk=26, fer=21, mtfl=9, celeba=5, mux=2, ck=1)     # of a batch of 64


def batches(data, rng, chance):
    left = {n: [] for n in SHARE}
    while True:
        js = []
        for n, k in SHARE.items():
            if len(left[n]) < k:
                left[n] = list(chance.choice(data.pool[n], 4096, p=data.chance[n]))
            js += left[n][:k]
            del left[n][:k]
        x = np.stack([view(np.asarray(data.crop(j, rng.random() < .4)), rng) for j in js])
        # UTKFace and FER2013 are cut tightly: nothing above the brow or below the chin. So that the network does not go by what is
        # there, some views get another photo's edge, black, or a stretched one.
        for k in range(len(js)):
            if rng.random() < .35:
                t, o, kind, above = rng.randint(2, 10), rng.randrange(len(js)), rng.random(), rng.random() < .7
                edge = slice(0, t) if above else slice(WINDOW - t, WINDOW)
                inside = x[k, t:t + 1] if above else x[k, WINDOW - t - 1:WINDOW - t]
                x[k, edge] = x[o, edge] if kind < .6 else 0 if kind < .8 else inside
        yield torch.from_numpy(x), np.array(js)


def recolour(x, g):
    """Light, contrast, tint, grey and noise, for a whole batch."""
    n = len(x)
    rand, randn = (lambda *s: torch.rand(*s, generator=g)), (lambda *s: torch.randn(*s, generator=g))
    x = x.permute(0, 3, 1, 2).float()
    grey = (x * torch.tensor([.299, .587, .114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    colour = torch.where(rand(n, 1, 1, 1) < .25, torch.zeros(n, 1, 1, 1), .5 + rand(n, 1, 1, 1) * .9)
    colour[rand(n) < .4] = 1
    x = grey + (x - grey) * colour
    gain = torch.exp(randn(n, 1, 1, 1) * .22) * torch.exp(randn(n, 3, 1, 1) * .06 * (rand(n, 1, 1, 1) < .5))
    x = (x - 110) * gain + 110 + randn(n, 1, 1, 1) * 18
    x = x + randn(*x.shape) * (rand(n, 1, 1, 1) * 10) * (rand(n, 1, 1, 1) < .2)
    return x.clamp(0, 255)


def losses(o, t):
    parts = {}
    k = t['agew'] > 0
    a, w, lp = t['age'][k].clamp(0, 100), t['agew'][k], o['age'][k].log_softmax(1)
    q = torch.exp(-.5 * ((AGES[None] - a[:, None]) / (2 + .03 * a)[:, None]) ** 2)      # ages are less sure later in life
    q = q / q.sum(1, keepdim=True)
    e = (lp.exp() * AGES).sum(1)
    parts['age'] = (w * (.35 * -(q * lp).sum(1) + .12 * F.smooth_l1_loss(e, a, reduction='none', beta=2.))).sum() / w.sum()
    k = t['sex'] >= 0
    parts['sex'] = .7 * F.cross_entropy(o['sex'][k], t['sex'][k], label_smoothing=.02)
    k = t['emotionw'] > 0
    parts['emotion'] = (t['emotionw'][k] * -(t['emotion'][k] * o['emotion'][k].log_softmax(1)).sum(1)).sum() / t['emotionw'][k].sum()
    k = t['smile'] >= 0
    parts['smile'] = .35 * F.binary_cross_entropy_with_logits(o['smile'][k], t['smile'][k].float())
    parts['glasses'] = .35 * F.binary_cross_entropy_with_logits(o['glasses'][k], t['glasses'][k].float())
    # A smile speaks for happiness, its absence against it: all that coloured photos say of emotions.
    lp = o['emotion'][k].log_softmax(1)[:, 1]
    parts['happiness'] = .15 * -torch.where(t['smile'][k] == 1, lp, torch.log1p(-lp.exp().clamp(max=.999))).mean()
    return parts


@torch.no_grad()
def predict(net, data, js):
    outs = []
    for i in range(0, len(js), 64):
        v = np.stack([data.aligned(j)[TOP:TOP + WINDOW, LEFT:LEFT + WINDOW, ::-1] for j in js[i:i + 64]])
        outs.append(net(torch.from_numpy(v).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)))
    return {k: torch.cat([o[k] for o in outs]) for k in outs[0]}


def progress(net, data):
    """A few figures on the validation part."""
    r, some = {}, np.random.default_rng(3)
    for n, count in (('utk', 700), ('fer', 800), ('mtfl', 500)):
        js = some.choice(data.of(n, VALIDATION), count, replace=False)
        o, t = predict(net, data, js), {k: v[js] for k, v in data.label.items()}
        right = lambda a, b: float((a == b).float().mean())
        if n == 'utk':
            r['age'] = float(((o['age'].softmax(1) * AGES).sum(1) - t['age']).abs().mean())
        if n == 'fer':
            r['emotion'] = right(o['emotion'].argmax(1), t['emotion'].argmax(1))
        else:
            k = t['sex'] >= 0
            r['sex ' + n] = right(o['sex'].argmax(1)[k], t['sex'][k])
        if n == 'mtfl':
            r['smile'], r['glasses'] = right(o['smile'] > 0, t['smile'] == 1), right(o['glasses'] > 0, t['glasses'] == 1)
    return {k: round(v, 4) for k, v in r.items()}


def train(args):
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    rng, chance, g = random.Random(1), np.random.default_rng(1), torch.Generator().manual_seed(1)
    embedder_network.KERNEL = embedder_network.build_kernel()
    data, net = Data(args.out), Net()
    if args.resume:
        net.load_state_dict(torch.load(args.resume)['model'])
    net = net.to(memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval()
    decay, rest = [p for p in net.parameters() if p.dim() > 1], [p for p in net.parameters() if p.dim() <= 1]
    opt = torch.optim.AdamW([{'params': decay, 'weight_decay': .03}, {'params': rest, 'weight_decay': 0}], lr=args.lr, betas=(.9, .99))
    source, ready = batches(data, rng, chance), None
    if args.second_core:    # makes the views; two threads for the network itself are slower where others want the cores too
        ready = queue.Queue(4)
        threading.Thread(target=lambda: [ready.put(b) for b in source], daemon=True).start()
    start = last = tic = time.time()
    step, log = 0, {}
    while not args.steps or step < args.steps:
        done = (time.time() - start) / (args.minutes * 60)
        if done > 1:
            break
        lr = args.lr * min(1, (step + 1) / 200) * (.004 + .996 * .5 * (1 + math.cos(math.pi * done)))
        for group in opt.param_groups:
            group['lr'] = lr
        x, js = ready.get() if ready else next(source)
        net.train()
        with torch.autocast('cpu', torch.bfloat16):
            o = net(recolour(x, g).contiguous(memory_format=torch.channels_last))
        parts = losses(o, {k: v[js] for k, v in data.label.items()})
        opt.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()
        step += 1
        with torch.no_grad():
            for a, b in zip(average.state_dict().values(), net.state_dict().values()):
                if a.dtype.is_floating_point:
                    a.lerp_(b, 1 - min(.998, step / (step + 20)))
        for k, v in parts.items():
            log[k] = log.get(k, 0) + float(v) / 200
        if step % 200 == 0:
            print('%5.1f min step %d lr %.5f %s %.2f ms a face' % ((time.time() - start) / 60, step, lr, {k: round(v, 3) for k, v in log.items()},
                                                                  (time.time() - tic) / 200 / len(js) * 1e3), flush=True)
            log, tic = {}, time.time()
        if time.time() - last > 300:
            save(args, average, step)
            print('validation', progress(average, data), flush=True)
            last = tic = time.time()
    save(args, average, step)
    print('trained', step, 'steps;', progress(average, data), flush=True)
    os._exit(0)     # the thread that makes views never ends


def save(args, net, step):
    torch.save({'model': net.state_dict(), 'step': step}, os.path.join(args.out, 'attributes-checkpoint.pt'))


# ---------------------------------------------- calibration and the export ----

def temperature(logits, target):
    """What to divide logits by, so that probabilities are right on the validation part; by golden section."""
    def cost(t):
        z = logits / math.exp(t)
        if z.dim() == 1:
            return float(F.binary_cross_entropy_with_logits(z, target.float()))
        return float(-(target * z.log_softmax(1)).sum(1).mean())
    low, high, r = -1.5, 1.5, (math.sqrt(5) - 1) / 2
    for _ in range(40):
        a, b = high - r * (high - low), low + r * (high - low)
        low, high = (low, b) if cost(a) < cost(b) else (a, high)
    return round(math.exp((low + high) / 2), 3)


def calibrate(net, data):
    t = {}
    js = data.of('utk', VALIDATION)
    o, y = predict(net, data, js), {k: v[js] for k, v in data.label.items()}
    grown = (y['age'] >= 10) & (y['sex'] >= 0)
    sex = [(o['sex'][grown], y['sex'][grown])]
    js = data.of('mtfl', VALIDATION)
    m, z = predict(net, data, js), {k: v[js] for k, v in data.label.items()}
    sex.append((m['sex'], z['sex']))
    t['sex'] = temperature(torch.cat([s[0] for s in sex]), F.one_hot(torch.cat([s[1] for s in sex]), 2).float())
    t['smile'], t['glasses'] = temperature(m['smile'], z['smile']), temperature(m['glasses'], z['glasses'])
    js = data.of('fer', VALIDATION)
    f, v = predict(net, data, js), data.label['emotion'][js]
    k = v.sum(1) > .99
    t['emotion'] = temperature(f['emotion'][k], v[k])
    # Expectations shrink towards the middle: stretch the bins by what fits the validation ages best (clipped, at least absolute error).
    e, best = (o['age'].softmax(1) * AGES).sum(1), None
    for a in np.arange(.94, 1.101, .01):
        for b in np.arange(-3, 3.01, .25):
            cost = float(((a * (e - 35) + 35 + b).clamp(0, 120) - y['age']).abs().mean())
            if best is None or cost < best[0] - 1e-4:
                best = cost, a, b
    t['age'] = 1
    t['bins'] = [round(float(best[1] * (v - 35) + 35 + best[2]), 3) for v in AGES]
    print('temperatures', {k: v for k, v in t.items() if k != 'bins'}, 'age stretched by %.2f about 35, moved by %.2f: error %.2f instead of %.2f'
          % (best[1], best[2], best[0], float((e - y['age']).abs().mean())))
    return t


def outputs(o, t):
    """The fifteen numbers, in torch."""
    age = ((o['age'] / t['age']).softmax(1) * torch.tensor(t['bins'])).sum(1, keepdim=True)
    sex, emotion = (o['sex'] / t['sex']).softmax(1), (o['emotion'] / t['emotion']).softmax(1)
    return torch.cat([age, sex, emotion, emotion @ torch.from_numpy(CIRCUMPLEX), (o['smile'] / t['smile']).sigmoid()[:, None],
                      (o['glasses'] / t['glasses']).sigmoid()[:, None]], 1)


class Writer(embedder_network.OnnxWriter):
    def save(self, path):
        self.nodes[-1].output[0] = 'attributes'
        graph = helper.make_graph(self.nodes, 'facectl-attributes', [helper.make_tensor_value_info('image', 1, [1, 3, embedder_faces.SIZE, embedder_faces.SIZE])],
                                  [helper.make_tensor_value_info('attributes', 1, [1, 15])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 11)], producer_name='train_attributes.py')
        model.ir_version = 6
        onnx.checker.check_model(model)
        onnx.save(model, path)


def write(net, path, t):
    """BatchNorm, the scale of the input, temperatures and the two expectations are folded into convolutions."""
    net, g = copy.deepcopy(net).float().eval(), Writer()
    whole = lambda *v: g.const(np.array(v, 'i8'))

    def conv(x, layer):
        w, b = embedder_network.fold(layer[0].weight, layer[1])
        return g.conv(x, w, b, layer[0].stride[0], layer[0].padding[0], 1, layer[1].relu)

    def full(x, layer, divide):
        return g.conv(x, (layer.weight / divide).detach().numpy()[:, :, None, None], (layer.bias / divide).detach().numpy())

    x = g.op('Slice', 'image', whole(TOP, LEFT), whole(TOP + WINDOW, LEFT + WINDOW), whole(2, 3))
    net.trunk[0][0].weight.data /= 64
    for layer in net.trunk:
        x = g.op('Relu', g.op('Add', x, conv(x, layer.a))) if isinstance(layer, Residual) else conv(x, layer)
    (w1, b1), (w2, b2) = embedder_network.fold(net.who[0].weight, net.who[1]), embedder_network.fold(net.mood[0].weight, net.mood[1])
    x = g.op('GlobalAveragePool', g.conv(x, np.concatenate([w1, w2]), np.concatenate([b1, b2]), 1, 1, 1, True))
    who, mood = g.op('Slice', x, whole(0), whole(56), whole(1)), g.op('Slice', x, whole(56), whole(112), whole(1))
    age = g.op('Softmax', full(who, net.age, t['age']), axis=1)
    age = g.conv(age, np.array(t['bins'], 'f4')[None, :, None, None], np.zeros(1, 'f4'))
    sex, emotion = g.op('Softmax', full(who, net.sex, t['sex']), axis=1), g.op('Softmax', full(mood, net.emotion, t['emotion']), axis=1)
    feel = g.conv(emotion, np.ascontiguousarray(CIRCUMPLEX.T)[:, :, None, None], np.zeros(2, 'f4'))
    smile, glasses = g.op('Sigmoid', full(mood, net.smile, t['smile'])), g.op('Sigmoid', full(who, net.glasses, t['glasses']))
    g.op('Flatten', g.op('Concat', age, sex, emotion, feel, smile, glasses, axis=1), axis=1)
    g.save(path)


def export(args):
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    data, net = Data(args.out), Net()
    net.load_state_dict(torch.load(args.checkpoint or os.path.join(args.out, 'attributes-checkpoint.pt'))['model'])
    net.eval()
    t = calibrate(net, data)
    path = os.path.join(args.out, 'facectl-attributes.onnx')
    write(net, path, t)
    js = np.concatenate([data.of(n, TEST)[:100] for n in ('utk', 'fer', 'mtfl')])
    away = np.abs(outputs(predict(net, data, js), t).numpy() - run_opencv(path, [data.aligned(j) for j in js])).max(0)
    with open(path, 'rb') as fh:
        content = fh.read()
    print('%d bytes, SHA-256 %s; OpenCV against torch, 300 faces: age within %.2g years, all else within %.2g'
          % (len(content), hashlib.sha256(content).hexdigest(), away[0], away[1:].max()))
    opencv, spent = cv2.dnn.readNetFromONNX(path), []
    blob = cv2.dnn.blobFromImage(np.ascontiguousarray(data.aligned(js[0])), 1, (embedder_faces.SIZE, embedder_faces.SIZE), (0, 0, 0), True)
    for _ in range(500):
        tic = time.process_time()
        opencv.setInput(blob)
        opencv.forward()
        spent.append((time.process_time() - tic) * 1e3)
    print('processor time a face, one thread: least %.2f ms, median %.2f ms' % (min(spent), np.median(spent)))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest='command', required=True)
    for name, run in (('prep', prep), ('match', match), ('embed', embed), ('split', split), ('opinions', opinions), ('train', train),
                      ('export', export), ('eval', evaluate)):
        t = sub.add_parser(name)
        t.add_argument('--out', required=True)
        t.set_defaults(run=run)
        if name == 'prep':
            t.add_argument('--data', required=True)
            t.add_argument('--detector', required=True, help='YuNet ONNX file')
            t.add_argument('--only', help='sources, joined with commas')
            t.add_argument('--count', type=int, help='use only the first photos of each')
        if name == 'embed':
            t.add_argument('--embedder', required=True)
        if name == 'opinions':
            t.add_argument('--package', required=True)
        if name == 'train':
            t.add_argument('--minutes', type=float, default=57)
            t.add_argument('--second-core', action='store_true', help='make the views in a thread of their own')
            t.add_argument('--resume', help='a checkpoint to start from')
            t.add_argument('--lr', type=float, default=3e-3)
            t.add_argument('--steps', type=int)
        if name == 'export':
            t.add_argument('--checkpoint')
        if name == 'eval':
            t.add_argument('--model', required=True)
    args = p.parse_args()
    args.run(args)


if __name__ == '__main__':
    main()
