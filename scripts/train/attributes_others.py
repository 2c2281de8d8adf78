#!/usr/bin/env python3
"""The published networks @vladmandic/face-api and @vladmandic/human (npm, MIT) for the same tasks, for comparison.

    attributes_others.py --face-api face-api/package --human human/package --out WORK [--human-count 800]

Reads their TensorFlow.js weights and runs them in torch on the photos that train_attributes.py holds out. Training uses only the ages that
face-api estimates for photos without a known age (train_attributes.py opinions).
"""
# SPDX-License-Identifier: MIT

import argparse
import base64
import json

import cv2
import numpy as np
import torch
import torch.nn.functional as F


def weights(manifest, binary):
    """The tensors of a TensorFlow.js file by name, and the JSON."""
    with open(manifest) as fh:
        model = json.load(fh)
    with open(binary, 'rb') as fh:
        content = fh.read()
    groups, at, out = model['weightsManifest'] if isinstance(model, dict) else model, 0, {}
    for w in (w for g in groups for w in g['weights']):
        q = w.get('quantization')
        kind = np.dtype(q['dtype'] if q else w['dtype'])
        count = int(np.prod(w['shape'])) if w['shape'] else 1
        a = np.frombuffer(content, kind, count, at).reshape(w['shape'])
        at += count * kind.itemsize
        if q and kind.kind == 'u':
            a = a.astype('f4') * q['scale'] + q['min']
        out[w['name']] = torch.from_numpy(a.astype('f4') if a.dtype.kind == 'f' else a.copy())
    assert at == len(content)
    return out, model


def same(x, kernel, stride, value=0.):
    """TensorFlow's padding SAME."""
    side = x.shape[2]
    p = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return F.pad(x, (p // 2, p - p // 2) * 2, value=value)


class FaceApi:
    """age_gender_model and face_expression_model: Nx3x112x112 RGB 0..255 to ages, P(male), and P of neutral, happiness, sadness, surprise,
    fear, disgust, anger."""

    def __init__(self, package):
        part = lambda n: weights(f'{package}/model/{n}-weights_manifest.json', f'{package}/model/{n}.bin')[0]
        self.age, self.mood = part('age_gender_model'), part('face_expression_model')

    @staticmethod
    def conv(w, x, name, stride):
        k = w[name + '/filters']
        return F.conv2d(same(x, k.shape[0], stride), k.permute(3, 2, 0, 1), w[name + '/bias'], stride)

    @staticmethod
    def separable(w, x, name, stride=1):
        d, p = w[name + '/depthwise_filter'].permute(2, 3, 0, 1), w[name + '/pointwise_filter'].permute(3, 2, 0, 1)
        return F.conv2d(F.conv2d(same(x, 3, stride), d, None, stride, groups=len(d)), p, w[name + '/bias'])

    def reduction(self, w, x, name, activate=True):
        y = self.separable(w, F.relu(x) if activate else x, name + '/separable_conv0')
        y = self.separable(w, F.relu(y), name + '/separable_conv1')
        return F.max_pool2d(same(y, 3, 2, -1e30), 3, 2) + self.conv(w, x, name + '/expansion_conv', 2)

    @torch.no_grad()
    def __call__(self, rgb):
        x, w = (rgb - torch.tensor([122.782, 117.001, 104.298]).view(1, 3, 1, 1)) / 255, self.age
        y = F.relu(self.conv(w, x, 'entry_flow/conv_in', 2))
        y = self.reduction(w, self.reduction(w, y, 'entry_flow/reduction_block_0', False), 'entry_flow/reduction_block_1')
        for i in range(2):
            z = y
            for j in range(3):
                z = self.separable(w, F.relu(z), f'middle_flow/main_block_{i}/separable_conv{j}')
            y = y + z
        y = F.relu(self.separable(w, self.reduction(w, y, 'exit_flow/reduction_block'), 'exit_flow/separable_conv'))
        f = F.avg_pool2d(y, 7, 2).flatten(1)
        age = (f @ w['fc/age/weights'] + w['fc/age/bias'])[:, 0]
        male = (f @ w['fc/gender/weights'] + w['fc/gender/bias']).softmax(1)[:, 0]
        w, y = self.mood, x
        for i in range(4):
            a = F.relu(self.conv(w, y, 'dense0/conv0', 2) if i == 0 else self.separable(w, y, f'dense{i}/conv0', 2))
            b = self.separable(w, a, f'dense{i}/conv1')
            c = self.separable(w, F.relu(a + b), f'dense{i}/conv2')
            y = F.relu(a + b + c + self.separable(w, F.relu(a + b + c), f'dense{i}/conv3'))
        mood = (F.avg_pool2d(y, 7, 2).flatten(1) @ w['fc/weights'] + w['fc/bias']).softmax(1)
        return age, male, mood[:, [0, 1, 2, 6, 4, 5, 3]]


class Graph:
    """A TensorFlow.js graph of the few operations that the networks of human have."""

    def __init__(self, path):
        self.w, model = weights(path + '.json', path + '.bin')
        self.nodes = {n['name']: n for n in model['modelTopology']['node']}

    @torch.no_grad()
    def __call__(self, x, wanted):
        known = dict(self.w)

        def words(n):
            return [base64.b64decode(s).decode() for s in n['attr'].get('fused_ops', {}).get('list', {}).get('s', [])]

        def padded(n, a, kernel, value=0.):
            stride, how = int(n['attr']['strides']['list']['i'][1]), n['attr']['padding']['s']
            how = how if how in ('SAME', 'VALID') else base64.b64decode(how).decode()
            return (same(a, kernel, stride, value) if how == 'SAME' else a), stride

        def get(name):
            name = name.split(':')[0]
            if name not in known:
                known[name] = compute(self.nodes[name])
            return known[name]

        def compute(n):
            op, i = n['op'], n.get('input', [])
            if op == 'Placeholder':
                return x
            a = get(i[0])
            if op in ('Conv2D', '_FusedConv2D'):
                k = get(i[1])
                a, stride = padded(n, a, k.shape[0])
                y = F.conv2d(a, k.permute(3, 2, 0, 1), get(i[2]) if len(i) > 2 else None, stride)
                return F.relu(y) if 'Relu' in words(n) else y.clamp(0, 6) if 'Relu6' in words(n) else y
            if op == 'DepthwiseConv2dNative':
                k = get(i[1])
                a, stride = padded(n, a, k.shape[0])
                return F.conv2d(a, k.permute(2, 3, 0, 1), None, stride, groups=k.shape[2])
            if op == 'MaxPool':
                k = int(n['attr']['ksize']['list']['i'][1])
                a, stride = padded(n, a, k, -1e30)
                return F.max_pool2d(a, k, stride)
            if op == '_FusedMatMul':
                y = a @ get(i[1]) + get(i[2])
                return F.relu(y) if 'Relu' in words(n) else y
            if op in ('Add', 'AddV2', 'Mul', 'Minimum', 'Maximum'):
                b = get(i[1])
                b = b.view(1, -1, 1, 1) if a.dim() == 4 and b.dim() <= 1 else b
                return {'Add': torch.add, 'AddV2': torch.add, 'Mul': torch.mul, 'Minimum': torch.minimum, 'Maximum': torch.maximum}[op](a, b)
            return {'Identity': lambda: a, 'Relu': lambda: F.relu(a), 'Mean': lambda: a.mean((2, 3)), 'Sigmoid': lambda: a.sigmoid(),
                    'Softmax': lambda: a.softmax(1)}[op]()

        return [get(n) for n in wanted]


class Human:
    """faceres (age and sex, 224x224 RGB) and emotion (64x64)."""

    def __init__(self, package):
        self.res, self.mood = Graph(package + '/models/faceres'), Graph(package + '/models/emotion')

    def traits(self, rgb):
        male, bins = self.res(rgb, ['gender_pred/Sigmoid', 'age_pred/Softmax'])
        top = bins.argmax(1)
        around = F.pad(bins, (1, 1))
        below, above = around.gather(1, top[:, None])[:, 0], around.gather(1, top[:, None] + 2)[:, 0]
        return torch.where(below > above, 10 * top - 100 * below, 10 * top + 100 * above).round() / 10, male[:, 0]

    def emotions(self, rgb):
        grey = (rgb / 255 * torch.tensor([.2989, .587, .114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
        return self.mood((grey - .5) * 2, ['Identity'])[0][:, [6, 3, 4, 5, 2, 1, 0]]


def main():
    import attributes_data
    import attributes_report
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--face-api', '--human', '--out'):
        p.add_argument(name, required=True)
    p.add_argument('--human-count', type=int, default=200, help='faceres is slow: only on so many of them')
    p.add_argument('--model', required=True, help='ours, measured on the same photos')
    p.add_argument('--count', type=int, default=800, help='photos of each held-out set, drawn at random')
    p.add_argument('--window', action='store_true', help='UTKFace and FER2013 also cut to what our network sees')
    args = p.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    data, api, human = attributes_data.Data(args.out), FaceApi(args.face_api), Human(args.human)

    def run(js, whole, traits=True):
        """Of the whole picture, as published, or of the part of the aligned crop that our network sees."""
        out = [[] for _ in range(6)]
        for i in range(0, len(js), 8):
            if whole:
                views = [cv2.imread(data.row(j)['path'])[..., ::-1] for j in js[i:i + 8]]
            else:
                views = [data.aligned(j)[attributes_data.TOP:attributes_data.TOP + attributes_data.WINDOW, attributes_data.LEFT:attributes_data.LEFT + attributes_data.WINDOW, ::-1] for j in js[i:i + 8]]
            side = lambda n: torch.from_numpy(np.stack([cv2.resize(np.ascontiguousarray(v), (n, n)) for v in views])).permute(0, 3, 1, 2).float()
            values = [*api(side(112)), human.emotions(side(64))]
            values += human.traits(side(224)) if traits and i < args.human_count else []
            for o, v in zip(out, values):
                o.append(v.numpy())
        return [np.concatenate(o) if o else None for o in out]

    def some(name):
        js = data.of(name, attributes_data.TEST)
        return np.random.default_rng(5).permutation(js)[:args.count]

    def ours(js):
        return attributes_report.run_opencv(args.model, [data.aligned(j) for j in js])

    views = ((True, 'whole picture'), (False, 'our window'))[:1 + args.window]
    js = some('utk')
    o = ours(js)
    attributes_report.report_utk(o[:, 0], o[:, 2], data, js, f'UTKFace, ours, {len(js)} photos')
    for whole, where in views:
        o = run(js, whole)
        attributes_report.report_utk(o[0], o[1], data, js, f'UTKFace, face-api, {where}, the same photos')
        attributes_report.report_utk(o[4], o[5], data, js[:len(o[4])], f'UTKFace, human, {where}, {len(o[4])} of them')
    js = some('fer')
    own, majority, clear = attributes_report.fer_truth(data, js)

    def moods(guess, title):
        attributes_report.report_emotions(guess, own, f"{title}, FER2013's own labels")
        attributes_report.report_emotions(guess[clear], majority[clear], f"{title}, FER+'s majority")

    moods(ours(js)[:, 3:11].argmax(1), f'FER2013, ours, {len(js)} photos')
    for whole, where in views:
        o = run(js, whole, False)
        moods(o[2].argmax(1), f'FER2013, face-api, {where}')
        moods(o[3].argmax(1), f'FER2013, human, {where}')
    for name in ('mtfl', 'celeba'):
        js = some(name)
        o, our, sex, smile = run(js, False, False), ours(js), data.label['sex'][js].numpy(), data.label['smile'][js].numpy()
        print(f'\n{name}, our window, {len(js)} photos: ours sex {attributes_report.percent((our[:, 2] > .5) == sex)} %, happiness for smile {attributes_report.percent((our[:, 3:11].argmax(1) == 1) == smile)} %;'
              f' face-api sex {attributes_report.percent((o[1] > .5) == sex)} %, happiness for smile {attributes_report.percent((o[2].argmax(1) == 1) == smile)} %;'
              f' human happiness for smile {attributes_report.percent((o[3].argmax(1) == 1) == smile)} %.')


if __name__ == '__main__':
    main()
