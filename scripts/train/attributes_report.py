"""The figures of the attributes network on the photos that are held out, as tables."""
# SPDX-License-Identifier: MIT

import cv2
import numpy as np
import torch

import embedder_faces
from attributes_data import EMOTIONS, FERPLUS, TEST, Data


def run_opencv(path, crops):
    net, out = cv2.dnn.readNetFromONNX(path), []
    for c in crops:
        net.setInput(cv2.dnn.blobFromImage(np.ascontiguousarray(c), 1, (embedder_faces.SIZE, embedder_faces.SIZE), (0, 0, 0), True))
        out.append(net.forward().ravel().copy())
    return np.array(out)


RACES = ['White', 'Black', 'Asian', 'Indian', 'other']      # UTKFace's own words
BANDS = [(0, 2), (3, 9), (10, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 120)]
POSES = {3: 'frontal', 2: 'half left', 4: 'half right', 1: 'left profile', 5: 'right profile'}


def interval(values, scale=1, digits=2, rng=np.random.default_rng(0)):
    """The mean and its 95 % interval, by 1000 bootstrap samples, as text."""
    v = np.asarray(values, float) * scale
    if not len(v):
        return '-'
    means = [v[rng.integers(0, len(v), len(v))].mean() for _ in range(1000)]
    return '%.*f [%.*f, %.*f]' % (digits, v.mean(), digits, np.percentile(means, 2.5), digits, np.percentile(means, 97.5))


def percent(hits):
    return interval(hits, 100, 1)


def calibration_error(confidence, hit, bins=15):
    confidence, hit = np.asarray(confidence, float), np.asarray(hit, float)
    b = np.minimum((confidence * bins).astype(int), bins - 1)
    return sum(abs(hit[b == i].mean() - confidence[b == i].mean()) * (b == i).mean() for i in range(bins) if (b == i).any())


def area_under_curve(score, truth):
    rank = np.empty(len(score))
    rank[np.argsort(score)] = np.arange(1, len(score) + 1)
    t = np.asarray(truth, bool)
    return (rank[t].sum() - t.sum() * (t.sum() + 1) / 2) / (t.sum() * (~t).sum())


def row(*cells):
    print('| ' + ' | '.join(str(c) for c in cells) + ' |')


def head(*cells):
    row(*cells)
    row(*['---'] * len(cells))


def report_utk(ages, male, data, js, title):
    """Ages and the probability of male, against UTKFace's labels."""
    rows = [data.row(j) for j in js]
    age, sex, race = (np.array([r[k] for r in rows], float) for k in ('age', 'sex', 'race'))
    off, right, grown = np.abs(ages - age), (male > .5) == sex, age >= 10
    print(f'\n### {title}\n\nAge MAE {interval(off)}, median error {np.median(off):.2f}, within 5 years {percent(off <= 5)} %. Sex right {percent(right)} %,'
          f' from 10 years on {percent(right[grown])} % (men {percent(right[grown & (sex == 1)])}, women {percent(right[grown & (sex == 0)])}),'
          f' calibration error {calibration_error(np.maximum(male, 1 - male)[grown], right[grown]):.3f}. {len(js)} photos.\n')
    head('age', 'photos', 'age MAE', 'mean error', 'sex right, %')
    for a, b in BANDS:
        k = (age >= a) & (age <= b)
        row(f'{a}-{b}', k.sum(), interval(off[k]), '%+.1f' % (ages - age)[k].mean(), percent(right[k]))
    print()
    head('race label', 'photos, from 10 on', 'age MAE, all', 'mean error', 'sex right from 10 on, %')
    for i, name in enumerate(RACES):
        k = race == i
        row(name, (k & grown).sum(), interval(off[k]), '%+.1f' % (ages - age)[k].mean(), percent(right[k & grown]))
    return off, right


def report_emotions(guess, truth, title):
    right = guess == truth
    print(f'\n### {title}\n\n{percent(right)} % of {len(truth)}; mean over the classes {100 * np.mean([right[truth == c].mean() for c in np.unique(truth)]):.1f} %.\n')
    head('emotion', 'photos', 'recall, %', 'precision, %', 'most often taken for')
    for c in np.unique(truth):
        k, said = truth == c, guess == c
        wrong = np.bincount(guess[k & ~right], minlength=8)
        row(EMOTIONS[c], k.sum(), percent(right[k]), '%.1f' % (100 * right[said].mean()) if said.any() else '-',
            '%s %.0f %%' % (EMOTIONS[wrong.argmax()], 100 * wrong.max() / k.sum()))


def fer_truth(data, js):
    """FER2013's labels, FER+'s majority, and where that is one."""
    own = data.own_label[data.index[js]]
    votes = np.array([data.row(j)['votes'] for j in js])[:, FERPLUS + [8, 9]]
    order = np.sort(votes, 1)
    return own, votes.argmax(1), (votes.argmax(1) < 8) & (order[:, -1] > order[:, -2])


def evaluate(args):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    data = Data(args.out)
    run = lambda js: run_opencv(args.model, [data.aligned(j) for j in js])
    js = data.of('utk', TEST)
    o = run(js)
    off, right = report_utk(o[:, 0], o[:, 2], data, js, 'UTKFace, held out')
    far = data.near['utk'][data.index[js]] <= .6
    grown = data.label['age'][js].numpy() >= 10
    print(f'\nFrom 10 years on without a lookalike (cosine over 0.6) in any training set: {(far & grown).sum()} photos, MAE {interval(off[far & grown])}'
          f' (all from 10 on: {interval(off[grown])}), sex {percent(right[far & grown])} %.')
    js = data.of('fer', TEST)
    o = run(js)[:, 3:11]
    own, majority, clear = fer_truth(data, js)
    report_emotions(o.argmax(1), own, "FER2013's test part, its own labels")
    report_emotions(o.argmax(1)[clear], majority[clear], "FER2013's test part, FER+'s majority")
    print(f'\nCalibration error to the majority {calibration_error(o.max(1)[clear], (o.argmax(1) == majority)[clear]):.3f}.')
    for n, title in (('mtfl', "MTFL's test part (AFLW)"), ('celeba', 'CelebA, 1000 photos')):
        js = data.of(n, TEST)
        o, far = run(js), data.near[n][data.index[js]] <= .6
        print(f'\n### {title}\n')
        head('', 'right, %', 'recall', 'specificity', 'area under the curve', 'calibration error', 'right without lookalikes, %')
        hits = {}
        for k, p in (('sex', o[:, 2]), ('smile', o[:, 13]), ('glasses', o[:, 14])):
            y = data.label[k][js].numpy()
            hits[k] = (p > .5) == y
            row(k + (' (male)' if k == 'sex' else ''), percent(hits[k]), '%.1f' % (100 * hits[k][y == 1].mean()), '%.1f' % (100 * hits[k][y == 0].mean()),
                '%.3f' % area_under_curve(p, y), '%.3f' % calibration_error(np.maximum(p, 1 - p), hits[k]), percent(hits[k][far]))
        y, happy = data.label['smile'][js].numpy() == 1, o[:, 3:11].argmax(1) == 1
        print(f'\n{len(js)} photos, {far.sum()} without lookalikes. The emotion is happiness for {100 * happy[y].mean():.1f} % of the smiles and {100 * happy[~y].mean():.1f} % of the others.')
        if n == 'mtfl':
            print()
            head('pose', 'photos', 'sex', 'smile', 'glasses')
            pose = np.array([data.row(j)['pose'] for j in js])
            for p, t in POSES.items():
                row(t, (pose == p).sum(), *(percent(hits[k][pose == p]) for k in hits))
    js = data.of('ck', TEST)
    report_emotions(run(js)[:, 3:11].argmax(1), data.label['emotion'][js].argmax(1).numpy(), 'CK+ (posed), people not trained on')
