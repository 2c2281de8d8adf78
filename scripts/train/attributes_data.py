"""Labels of the crops, and what is trained on and held out."""
# SPDX-License-Identifier: MIT

import os

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import embedder_faces
from attributes_sources import rows_of
from embedder_faces import MARGIN

LEFT, TOP, WINDOW = 14, 24, 84      # the part of the 112x112 that the network looks at
EMOTIONS = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt']
FERPLUS = [0, 1, 3, 2, 6, 5, 4, 7]  # FER+ has them in the order neutral happiness surprise sadness anger disgust fear contempt
AGES = torch.arange(0, 101, 2.0)    # the bins whose expectation is the age
# Pleasure and arousal of the emotions' words, J. A. Russell and A. Mehrabian, Evidence for a three-factor theory of emotions, Journal of
# Research in Personality 11, 1977: happy, sad, surprised, fearful, disgusted, angry; contempt is their "scornful".
CIRCUMPLEX = np.array([[0, 0], [.81, .51], [-.63, -.27], [.40, .67], [-.64, .60], [-.60, .35], [-.51, .59], [-.35, .35]], 'f4')
SOURCES = ('utk', 'fer', 'mtfl', 'celeba', 'mux', 'ck')
TRAIN, VALIDATION, TEST, LEFT_OUT = range(4)


def products(a, b):
    """a times b transposed, by a convolution: fast where PyTorch is linked to a slow BLAS."""
    return F.conv2d(a.view(len(a), -1, 1, 1), b.view(len(b), -1, 1, 1)).flatten(1)


def thumbnails(rows):
    out = np.zeros((len(rows), 576), 'f4')
    for i, r in enumerate(rows):
        v = cv2.resize(cv2.imread(r['path'], 0), (24, 24), interpolation=cv2.INTER_AREA).astype('f4').ravel()
        v -= v.mean()
        out[i] = v / (np.linalg.norm(v) + 1e-6)
    return torch.from_numpy(out)


def match(args):
    torch.set_num_threads(1)
    names = dict(neutral=0, happy=1, sad=2, surprise=3, fear=4, disgust=5, angry=6)
    fer, fe = rows_of(args.out, 'fer'), rows_of(args.out, 'fe')
    a, b = thumbnails(fer), thumbnails(fe)
    best = [products(a[i:i + 1000], b).max(1) for i in range(0, len(a), 1000)]
    score, index = torch.cat([v[0] for v in best]).numpy(), torch.cat([v[1] for v in best]).numpy()
    own = np.array([names[fe[k]['orig']] for k in index])
    own[score < .97] = -1
    np.savez(os.path.join(args.out, 'match.npz'), idx=index, best=score, orig=own)
    usage = np.array([r['usage'] for r in fer])
    train, held = np.nonzero(usage == 'Training')[0], np.nonzero(usage != 'Training')[0]
    twice = np.zeros(len(fer), bool)
    for i in range(0, len(train), 1000):
        twice[train[i:i + 1000]] = products(a[train[i:i + 1000]], a[held]).max(1)[0].numpy() > .985
    np.save(os.path.join(args.out, 'ferdup.npy'), twice)
    print('labelled', (own >= 0).sum(), 'of', len(own), 'training pictures that are held out too', twice.sum())


def embed(args):
    """Embeddings of facectl-embed, which find similar faces."""
    cv2.setNumThreads(1)
    net = cv2.dnn.readNetFromONNX(args.embedder)
    for name in ('utk', 'mtfl', 'celeba'):
        crops = np.load(os.path.join(args.out, name + '.npy'), mmap_mode='r')[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
        out = np.zeros((len(crops), 128), 'f4')
        for i, c in enumerate(crops):
            net.setInput(cv2.dnn.blobFromImage(np.ascontiguousarray(c), 1, (embedder_faces.SIZE, embedder_faces.SIZE), (0, 0, 0), True))
            out[i] = net.forward().ravel()
        np.save(os.path.join(args.out, f'emb_{name}.npy'), out / np.linalg.norm(out, axis=1, keepdims=True))


def nearest(a, b):
    a, b = torch.from_numpy(a), torch.from_numpy(b)
    return torch.cat([products(a[i:i + 500], b).max(1)[0] for i in range(0, len(a), 500)]).numpy()


def split(args):
    torch.set_num_threads(1)
    rng, part = np.random.default_rng(11), {}
    e = {n: np.load(os.path.join(args.out, f'emb_{n}.npy')) for n in ('utk', 'mtfl', 'celeba')}
    part['mtfl'] = np.array([TEST if r['part'] == 'test' else TRAIN for r in rows_of(args.out, 'mtfl')])
    part['mtfl'][rng.choice(np.nonzero(part['mtfl'] == TRAIN)[0], 600, replace=False)] = VALIDATION
    part['celeba'] = np.zeros(len(e['celeba']), int)
    part['celeba'][-1000:] = TEST
    rows = rows_of(args.out, 'utk')
    order = rng.permutation(len(rows))
    utk = part['utk'] = np.zeros(len(rows), int)
    utk[order[:2400]], utk[order[2400:3200]] = TEST, VALIDATION
    train = np.nonzero(utk == TRAIN)[0]
    like = nearest(e['utk'][train], e['utk'][order[:3200]])
    # The embedder takes most babies for one another; a child's limit only finds the same photo.
    limit = np.where(np.array([rows[i]['age'] for i in train]) < 10, .8, .65)
    utk[train[like > limit]] = LEFT_OUT
    for n in ('utk', 'mtfl', 'celeba'):
        test = np.nonzero(part[n] == TEST)[0]
        near = np.zeros(len(e[n]), 'f4')
        near[test] = np.max([nearest(e[n][test], e[k][part[k] == TRAIN]) for k in part], 0)
        part['near_' + n] = near
    np.savez(os.path.join(args.out, 'split.npz'), **part)
    print({n: np.bincount(part[n], minlength=4).tolist() for n in ('utk', 'mtfl', 'celeba')})


class Data:
    """All crops and what is known of each; -1, NaN or weight 0: not known."""

    def __init__(self, out):
        load = lambda name: np.load(os.path.join(out, name))
        self.crops = {n: np.load(os.path.join(out, n + '.npy'), mmap_mode='r') for n in SOURCES + ('fe',)}
        self.rows = {n: rows_of(out, n) for n in SOURCES}
        self.samples = []
        part, matched, twice = load('split.npz'), load('match.npz'), load('ferdup.npy')
        self.near, self.own_label = {n: part['near_' + n] for n in ('utk', 'mtfl', 'celeba')}, matched['orig']
        for i, r in enumerate(self.rows['utk']):
            self.add('utk', i, part['utk'][i], age=r['age'], agew=1, sex=r['sex'] if r['age'] >= 1 else -1)
        for n in ('mtfl', 'celeba'):
            ages = load(f'fa_{n}.npz')['age'].clip(0, 100)
            for i, r in enumerate(self.rows[n]):
                self.add(n, i, part[n][i], age=ages[i], agew=.25, sex=r['sex'], smile=r['smile'], glasses=r['glasses'])
        for i, r in enumerate(self.rows['fer']):
            votes, usage = np.array(r['votes'], 'f4'), dict(Training=TRAIN, PublicTest=VALIDATION, PrivateTest=TEST)[r['usage']]
            kept = votes[FERPLUS] * (votes[FERPLUS] > 1)    # one vote alone is an oversight
            if usage == TRAIN and (twice[i] or votes[9] >= 3 or votes[8] > 4 or kept.sum() < 3):
                continue                                    # no face, unclear, or held out as well
            target = kept / max(kept.sum(), 1)
            if usage == TRAIN and matched['orig'][i] >= 0:
                target = .75 * target
                target[matched['orig'][i]] += .25
            self.add('fer', i, usage, emotion=target, emotionw=1, other=matched['idx'][i] if matched['best'][i] > .97 else -1)
        for i, r in enumerate(self.rows['mux']):
            if r['emotion'] in EMOTIONS:
                self.add('mux', i, TRAIN, emotion=self.mostly(r['emotion'], .7), emotionw=.5)
        for i, r in enumerate(self.rows['ck']):
            person = TEST if int(r['person'][1:]) % 5 == 0 else TRAIN
            self.add('ck', i, person, emotion=self.mostly(dict(happy='happiness').get(r['emotion'], r['emotion']), .9), emotionw=1)
        column = lambda k, t: np.array([s[k] for s in self.samples], t)
        self.name, self.index, self.part, self.other = column('name', str), column('index', int), column('part', int), column('other', int)
        self.label = {k: torch.from_numpy(column(k, t)) for k, t in (('age', 'f4'), ('agew', 'f4'), ('sex', 'i8'), ('smile', 'i8'),
                                                                    ('glasses', 'i8'), ('emotion', 'f4'), ('emotionw', 'f4'))}
        self.pool, self.chance = {}, {}
        for n in SOURCES:
            k = self.pool[n] = np.nonzero((self.part == TRAIN) & (self.name == n))[0]
            w = self.weights(n, k)
            self.chance[n] = w / w.sum()
            print(n, *('%s %d' % (t, ((self.part == p) & (self.name == n)).sum()) for p, t in enumerate(('train', 'validation', 'test', 'left out'))))

    @staticmethod
    def mostly(emotion, share):
        t = np.full(8, (1 - share) / 7)
        t[EMOTIONS.index(emotion)] = share
        return t

    def add(self, name, index, part, **known):
        blank = dict(age=np.nan, agew=0, sex=-1, smile=-1, glasses=-1, emotion=np.zeros(8), emotionw=0, other=-1)
        self.samples.append(dict(blank, name=name, index=index, part=int(part), **known))

    def weights(self, name, k):
        """Rare ages, emotions and glasses are drawn more often."""
        if name == 'utk':
            band = np.digitize(self.label['age'][k].numpy(), [3, 10, 16, 20, 30, 40, 50, 60, 70, 80])
            return (1 / np.bincount(band, minlength=11)[band]) ** .35
        if name in ('mtfl', 'celeba'):
            return np.where(self.label['glasses'][k].numpy() == 1, 2., 1.)
        e = self.label['emotion'][k].numpy()
        return (1 / np.maximum(e.sum(0)[e.argmax(1)], 30)) ** .45

    def crop(self, j, other=False):
        if other and self.other[j] >= 0:
            return self.crops['fe'][self.other[j]]
        return self.crops[self.name[j]][self.index[j]]

    def row(self, j):
        return self.rows[self.name[j]][self.index[j]]

    def of(self, name, part):
        return np.nonzero((self.part == part) & (self.name == name))[0]

    def aligned(self, j):
        """The 112x112 BGR crop that facectl would make."""
        v = np.asarray(self.crop(j))[MARGIN:-MARGIN, MARGIN:-MARGIN]
        return np.repeat(v[..., None], 3, 2) if v.ndim == 2 else v
