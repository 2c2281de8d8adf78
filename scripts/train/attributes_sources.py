"""The photos of the attributes network, and their aligned crops."""
# SPDX-License-Identifier: MIT

import glob
import json
import math
import os

import cv2
import numpy as np

import embedder_faces
from embedder_faces import SIDE


# Each source_* function returns a list of (file, what is known of it).


def source_utk(data):
    """UTKFace's cropped faces, utk/AGE_GENDER_RACE_DATE.jpg.chip.jpg; gender 0 is male."""
    items = []
    for f in sorted(glob.glob(data + '/utk/**/*.jpg', recursive=True)):
        p = os.path.basename(f).split('_')
        if len(p) == 4 and p[1] in '01':
            items.append((f, dict(age=int(p[0]), sex=1 - int(p[1]), race=int(p[2]))))
    return items


def source_fer(data):
    """FER+: ferplus/fer2013new.csv and ferplus/data/FER2013*/fer*.png of 48x48."""
    with open(data + '/ferplus/fer2013new.csv') as fh:
        lines = [line.split(',') for line in fh.read().splitlines()[1:]]
    votes = {v[1]: dict(usage=v[0], votes=[int(x) for x in v[2:]]) for v in lines if v[1]}
    return [(f, votes[os.path.basename(f)].copy()) for part in ('Train', 'Valid', 'Test')
            for f in sorted(glob.glob(f'{data}/ferplus/data/FER2013{part}/*.png'))]


def source_fe(data):
    """FER2013 again, in folders named after its own labels, enlarged to 224x224: fer2013/data/LABEL/*.jpg."""
    return [(f, dict(orig=f.split('/')[-2])) for f in sorted(glob.glob(data + '/fer2013/data/*/*.jpg'))]


def source_mtfl(data):
    """MTFL: training.txt and testing.txt have five points, gender, smile, glasses, pose of each photo."""
    items = []
    for part, name in (('train', 'training.txt'), ('test', 'testing.txt')):
        with open(f'{data}/mtfl/MTFL/{name}') as fh:
            for line in fh:
                v = line.replace('\\', '/').split()
                if len(v) == 15:
                    near = np.array([float(x) for x in v[1:11]]).reshape(2, 5).T
                    gender, smile, glasses, pose = (int(x) for x in v[11:])
                    items.append((f'{data}/mtfl/MTFL/{v[0]}', dict(near=near, part=part, sex=int(gender == 1), smile=int(smile == 1),
                                                                   glasses=int(glasses == 1), pose=pose)))
    return items


def source_celeba(data):
    """The first ten thousand of CelebA: celeba/celebA/*.jpg, celeba/attr.txt (list_attr_celeba.txt)."""
    with open(data + '/celeba/attr.txt') as fh:
        lines = fh.read().splitlines()
    names, items = lines[1].split(), []
    for line in lines[2:]:
        v = line.split()
        f = f'{data}/celeba/celebA/{v[0]}'
        if len(v) == 41 and os.path.exists(f):
            a = dict(zip(names, v[1:]))
            items.append((f, {k: int(a[n] == '1') for k, n in (('sex', 'Male'), ('smile', 'Smiling'), ('glasses', 'Eyeglasses'))}))
    return items


def source_mux(data):
    """muxspace/facial_expressions: mux/images, mux/data/legend.csv."""
    with open(data + '/mux/data/legend.csv') as fh:
        rows = [line.split(',') for line in fh.read().splitlines()[1:]]
    labels = {v[1]: v[2].lower() for v in rows if len(v) == 3}
    return [(f'{data}/mux/images/{k}', dict(emotion=e)) for k, e in sorted(labels.items()) if os.path.exists(f'{data}/mux/images/{k}')]


def source_ck(data):
    """CK+, the last three frames of each sequence at 48x48: ck/CK+48/LABEL/Sxxx_*.png."""
    return [(f, dict(emotion=f.split('/')[-2], person=os.path.basename(f)[:4])) for f in sorted(glob.glob(data + '/ck/CK+48/*/*.png'))]


# Each source's input size of the detector, whether it is grey, how much it is enlarged first, and whether an undetected face takes the
# median place (the pictures are registered).
HOW = dict(utk=(160, False, 1, True), fer=(160, True, 3, True), fe=(160, True, 1, True), mtfl=(320, False, 1, False),
           celeba=(160, False, 1, False), mux=(320, True, 1, False), ck=(160, True, 3, True))


def faces(net, image, size, threshold):
    """(score, area, five points) of each face, without non-maximum suppression."""
    border = int(0.12 * max(image.shape[:2]))
    framed = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_CONSTANT)
    s = size / max(framed.shape[:2])
    small = cv2.resize(framed, None, fx=s, fy=s, interpolation=cv2.INTER_AREA if s < 1 else cv2.INTER_LINEAR)[:size, :size]
    canvas = np.zeros((size, size, 3), 'u1')
    canvas[:small.shape[0], :small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(canvas))
    names = net.getUnconnectedOutLayersNames()
    out, found = dict(zip(names, net.forward(names))), []
    for stride in (8, 16, 32):
        cols = size // stride
        score = np.sqrt(out['cls_%d' % stride].ravel().clip(0, 1) * out['obj_%d' % stride].ravel().clip(0, 1))
        box, kps = out['bbox_%d' % stride].reshape(-1, 4), out['kps_%d' % stride].reshape(-1, 5, 2)
        for i in np.nonzero(score > threshold)[0]:
            area = np.prod(np.exp(box[i, 2:]) * stride)
            found.append((score[i], area, (kps[i] + np.array([i % cols, i // cols])) * stride / s - border))
    return found


def points_of(nets, image, size, near=None):
    """Five points of the main face, or of the one at `near`; None if there is none."""
    for threshold, side in ((0.6, size), (0.3, size), (0.3, 480 - size)):
        found = faces(nets[side], image, side, threshold)
        if found and near is None:
            return max(found, key=lambda f: f[0] * math.sqrt(f[1]))[2]
        if found:
            eyes = np.linalg.norm(near[0] - near[1]) + 1e-3
            away, points = min(((np.abs(p - near).mean() / eyes, p) for _, _, p in found), key=lambda f: f[0])
            return points if away < 0.35 else None
    return None


def prep(args):
    cv2.setNumThreads(1)
    nets = {n: embedder_faces.load_detector(args.detector, n) for n in (160, 320)}
    os.makedirs(args.out, exist_ok=True)
    for name in args.only.split(',') if args.only else ('utk', 'fer', 'fe', 'mtfl', 'celeba', 'mux', 'ck'):
        size, grey, enlarge, registered = HOW[name]
        items = globals()['source_' + name](args.data)[:args.count]
        path = os.path.join(args.out, name + '.npy')
        crops = np.lib.format.open_memmap(path + '.tmp', 'w+', 'u1', (len(items), SIDE, SIDE) + (() if grey else (3,)))
        rows, places, later = [], [], []

        def keep(f, label, image, points, detected):
            crop, scale = embedder_faces.align(image, points)
            if scale <= 4.5:
                crops[len(rows)] = crop[..., 1] if grey else crop
                rows.append(dict(label, path=f, det=detected, scale=round(scale, 3)))

        for f, label in items:
            image = cv2.imread(f)
            if image is None:
                continue
            if enlarge > 1:
                image = cv2.resize(image, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_CUBIC)
            near = label.pop('near', None)
            points = points_of(nets, image, size, near)
            if points is not None and len(places) < 5000:
                places.append(points / image.shape[0])
            if points is None and near is None:
                later.append((f, label, image)) if registered else None
            else:
                keep(f, label, image, near if points is None else points, points is not None)
        for f, label, image in later:
            keep(f, label, image, np.median(np.array(places), 0) * image.shape[0], False)
        np.save(path, crops[:len(rows)])
        os.remove(path + '.tmp')
        with open(os.path.join(args.out, name + '.json'), 'w') as fh:
            json.dump(rows, fh)
        print(name, 'kept', len(rows), 'of', len(items), 'undetected', sum(not r['det'] for r in rows), flush=True)


def rows_of(out, name):
    with open(os.path.join(out, name + '.json')) as fh:
        return json.load(fh)
