#!/usr/bin/python3
"""The same work as facectl, written the usual way with python3-opencv, to compare times and results with.

    reference.py recognize DETECTOR EMBEDDER GALLERY.npy PHOTO...   who is the nearest of the gallery's templates
    reference.py embed     DETECTOR EMBEDDER OUT.npy PHOTO...       templates of the photos with exactly one face, as set wants them

DETECTOR and EMBEDDER are ONNX files of the kinds that the models in the box are. One thread, as a worker has. Where the descriptor beside
EMBEDDER says so, the crop's mirror image is embedded too.
"""
import json
import pathlib
import sys

import cv2
import numpy as np

# Where ArcFace's aligned 112x112 crops have eyes, nose and mouth corners.
POINTS = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                   [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)
COARSE, FINE = 320, 1280  # sides that facectl looks at a photo with
MOBILEFACENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
MOBILEFACENET_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32) * 255


def detect_at(net, photo, side):
    """Boxes, landmarks and scores at one size, in the photo's pixels."""
    scale = min(1.0, side / max(photo.shape[:2]))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = (-(-n // 32) * 32 for n in small.shape[:2])
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[:small.shape[0], :small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(canvas))
    names = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)]
    outputs = dict(zip(names, net.forward(names)))
    found = []
    for stride in (8, 16, 32):
        columns = width // stride
        score = np.sqrt(np.clip(outputs[f"cls_{stride}"][0, :, 0] * outputs[f"obj_{stride}"][0, :, 0], 0, 1))
        for cell in np.nonzero(score >= 0.6)[0]:
            row, column = divmod(int(cell), columns)
            box = outputs[f"bbox_{stride}"][0, cell]
            points = outputs[f"kps_{stride}"][0, cell].reshape(5, 2) + (column, row)
            centre = (box[:2] + (column, row)) * stride
            size = np.exp(box[2:]) * stride
            found.append((score[cell], (centre - size / 2) / scale, size / scale, points * stride / scale))
    return found


def find_faces(detector, photo):
    """Landmarks of each face after one NMS over all sizes, the best score first."""
    sides = (FINE, COARSE) if max(photo.shape[:2]) > COARSE else (COARSE,)
    found = [face for side in sides for face in detect_at(detector, photo, side)]
    if not found:
        return []
    boxes = [[*map(float, corner), *map(float, size)] for _, corner, size, _ in found]
    kept = cv2.dnn.NMSBoxes(boxes, [float(face[0]) for face in found], 0.6, 0.3)
    return [face[3] for face in sorted((found[int(i)] for i in np.ravel(kept)), key=lambda face: -face[0])]


def is_mirrored(embedder_file):
    descriptor = pathlib.Path(embedder_file).with_suffix(".json")
    return descriptor.exists() and json.loads(descriptor.read_text()).get("mirror", False)


def template(embedder, photo, points, normalise, mirrored):
    """The L2-normalised template of the face with these landmarks."""
    warp, _ = cv2.estimateAffinePartial2D(points.astype(np.float32), POINTS, method=cv2.LMEDS)
    crop = cv2.cvtColor(cv2.warpAffine(photo, warp, (112, 112)), cv2.COLOR_BGR2RGB).astype(np.float32)
    if normalise:
        crop = (crop - MOBILEFACENET_MEAN) / MOBILEFACENET_DEVIATION
    vector = 0
    for view in (crop, crop[:, ::-1]) if mirrored else (crop,):
        embedder.setInput(np.ascontiguousarray(view.transpose(2, 0, 1)[None]))
        vector = vector + embedder.forward()[0]
    return vector / np.linalg.norm(vector)


def main():
    action, detector_file, embedder_file, array, *photos = sys.argv[1:]
    cv2.setNumThreads(1)
    detector = cv2.dnn.readNetFromONNX(detector_file)
    embedder = cv2.dnn.readNetFromONNX(embedder_file)
    normalise = "mobilefacenet" in embedder_file
    mirrored = is_mirrored(embedder_file)
    gallery = np.load(array) if action == "recognize" else None
    enrolled = []
    for path in photos:
        photo = cv2.imread(path)
        faces = find_faces(detector, photo)
        if gallery is None and len(faces) == 1:
            enrolled.append(template(embedder, photo, faces[0], normalise, mirrored))
        elif gallery is not None and faces:
            scores = gallery @ template(embedder, photo, faces[0], normalise, mirrored)
            print(f"{path}: {int(np.argmax(scores))} {float(np.max(scores)):.4f}")
        else:
            print(f"{path}: {len(faces)} faces")
    if gallery is None:
        np.save(array, np.array(enrolled, np.float32))


if __name__ == "__main__":
    main()
