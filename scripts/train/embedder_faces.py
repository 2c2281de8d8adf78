"""Aligned crops of the faces in folders of photos."""
# SPDX-License-Identifier: MIT

import glob
import math
import os

import cv2
import numpy as np
import onnx

# ArcFace five-point template for a 112x112 crop.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])
SIZE, MARGIN = 112, 8
SIDE = SIZE + 2 * MARGIN        # of stored crops


def load_detector(path, size):
    """YuNet, exported for any square input, as an OpenCV net for size x size."""
    model = onnx.load(path)
    for d in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        d.dim_value = size
    for o in model.graph.output:
        for d in o.type.tensor_type.shape.dim:
            d.dim_param = 'n'
    del model.graph.value_info[:]
    return cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), 'u1'))


def landmarks(net, image, size, threshold=0.6):
    """Five points of the largest face found, or None.  A border is added first,
    since many data sets are cropped too tightly for a detector."""
    border = int(0.12 * max(image.shape[:2]))
    framed = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_CONSTANT)
    s = size / max(framed.shape[:2])
    small = cv2.resize(framed, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)[:size, :size]
    canvas = np.zeros((size, size, 3), 'u1')
    canvas[:small.shape[0], :small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(canvas))
    names = net.getUnconnectedOutLayersNames()
    out = dict(zip(names, net.forward(names)))
    boxes, scores, points = [], [], []
    for stride in (8, 16, 32):
        cols = size // stride
        score = np.sqrt(out['cls_%d' % stride].ravel().clip(0, 1) * out['obj_%d' % stride].ravel().clip(0, 1))
        box = out['bbox_%d' % stride].reshape(-1, 4)
        kps = out['kps_%d' % stride].reshape(-1, 5, 2)
        for i in np.nonzero(score > threshold)[0]:
            cell = np.array([i % cols, i // cols])
            wh = np.exp(box[i, 2:]) * stride
            boxes.append([float(v) for v in [*((cell + box[i, :2]) * stride - wh / 2), *wh]])
            scores.append(float(score[i]))
            points.append((kps[i] + cell) * stride)
    if not boxes:
        return None
    keep = np.ravel(cv2.dnn.NMSBoxes(boxes, scores, threshold, 0.3))
    best = max(keep, key=lambda i: boxes[i][2] * boxes[i][3])
    return points[best] / s - border


def similarity(src, dst):
    """The least-squares rotation, scale and shift from src to dst (Umeyama)."""
    ms, md = src.mean(0), dst.mean(0)
    a, b = src - ms, dst - md
    u, s, vt = np.linalg.svd(b.T @ a / len(a))
    d = np.array([1, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    r = u @ np.diag(d) @ vt * (s * d).sum() / (a ** 2).sum() * len(a)
    return np.hstack([r, (md - r @ ms)[:, None]])


def person(path):
    return os.path.basename(path).rsplit('_', 1)[0]


def align(image, points):
    """The crop of the face, SIDE wide, and by how much it was enlarged."""
    m = similarity(points, TEMPLATE + MARGIN)
    scale = math.hypot(m[0, 0], m[1, 0])
    if scale < 0.5:             # avoid aliasing
        image = cv2.resize(image, None, fx=scale * 1.6, fy=scale * 1.6, interpolation=cv2.INTER_AREA)
        m[:, :2] /= scale * 1.6
    return cv2.warpAffine(image, m, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), scale


def prep(args):
    cv2.setNumThreads(1)
    files = sorted(f for d in args.data.split(',') for ext in ('jpg', 'jpeg', 'png')
                   for f in glob.glob(os.path.join(d, '**', '*.' + ext), recursive=True))
    if args.exclude:        # one file name a line: drops those files, and all with the same "Name_" before a number
        with open(args.exclude) as fh:
            names = {person(n) for n in fh.read().split()}
        kept = [f for f in files if person(f) not in names]
        print('excluded', len(files) - len(kept), 'of', len(files))
        files = kept
    net = load_detector(args.detector, 160)
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, 'crops.npy')
    crops = np.lib.format.open_memmap(path + '.tmp', 'w+', 'u1', (len(files), SIDE, SIDE, 3))
    kept = []
    for n, f in enumerate(files):
        image = cv2.imread(f)
        points = None if image is None else landmarks(net, image, 160)
        if points is None:
            continue
        crop, scale = align(image, points)
        if scale > 2.2:         # under some 50 pixels: too small to teach anything
            continue
        crops[len(kept)] = crop
        kept.append(f)
        if n % 2000 == 0:
            print(n, 'of', len(files), 'kept', len(kept), flush=True)
    np.save(path, crops[:len(kept)])
    os.remove(path + '.tmp')
    with open(os.path.join(args.out, 'crops.txt'), 'w') as fh:
        fh.write('\n'.join(kept) + '\n')
    print('kept', len(kept), 'of', len(files))
