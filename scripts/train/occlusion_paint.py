"""Paints objects over aligned faces, and says which regions they cover: forehead, eyes, mouth."""
# SPDX-License-Identifier: MIT

import math

import cv2
import numpy as np

from embedder_faces import SIZE, TEMPLATE

FOREHEAD, EYES, MOUTH = range(3)
UNKNOWN = -1
# A region with at least the first share covered is occluded, with at most the second it is not; between them it has no label.
OCCLUDED = ((.40, .12), (.50, .15), (.40, .12))


class Places:
    """The regions of a face on a canvas with a margin around the 112x112 crop."""

    def __init__(self, margin):
        self.margin, self.side = margin, SIZE + 2 * margin
        self.points = TEMPLATE + margin
        forehead = np.array([[36, 40], [40, 24], [56, 19], [72, 24], [76, 40]]) + margin
        eyes = [self.ellipse(p, (8, 4.5)) for p in self.points[:2]]
        self.regions = [[self.polygon(forehead)], eyes, [self.ellipse(self.points[3:].mean(0), (15, 7))]]
        self.rows, self.columns = np.mgrid[:self.side, :self.side].astype('f4')

    def polygon(self, points):
        mask = np.zeros((self.side, self.side), 'u1')
        cv2.fillPoly(mask, [np.round(np.asarray(points) * 16).astype('i4')], 255, cv2.LINE_AA, 4)
        return mask

    def ellipse(self, centre, radii, angle=0, power=2.):
        t = np.linspace(0, 2 * math.pi, 40, endpoint=False)
        c, s = np.cos(t), np.sin(t)
        p = np.stack([radii[0] * np.sign(c) * abs(c) ** (2 / power), radii[1] * np.sign(s) * abs(s) ** (2 / power)], 1)
        a = math.radians(angle)
        return self.polygon(p @ np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]]) + centre)

    def line(self, points, width):
        mask = np.zeros((self.side, self.side), 'u1')
        cv2.polylines(mask, [np.round(np.asarray(points) * 16).astype('i4')], False, 255, max(1, round(width)), cv2.LINE_AA, 4)
        return mask

    def covered(self, cover):
        """The share of each region under *cover*; of the eyes, the one that is covered more."""
        return [max(cv2.mean(cover, part)[0] for part in parts) / 255 for parts in self.regions]

    def band(self, upper, lower):
        """Between two heights, each a function of the column."""
        x = np.linspace(-5, self.side + 5, 24)
        return self.polygon(np.concatenate([np.stack([x, upper(x)], 1), np.stack([x, lower(x)], 1)[::-1]]))


class Painter:
    """canvases: aligned faces with this margin, BGR, from which textures are cut; skin, hair and donors are taken from them too."""

    def __init__(self, canvases, margin, donors=(), rng=None):
        self.canvases, self.place, self.donors = canvases, Places(margin), donors
        self.rng = rng or np.random.default_rng(1)

    # ---- chance ----

    def real(self, low, high):
        return float(self.rng.uniform(low, high))

    def chance(self, p):
        return self.rng.random() < p

    def one(self, items):
        return items[self.rng.integers(len(items))]

    def at(self, x, y):
        """A point of the 112x112 crop on the canvas."""
        return np.array([x, y], 'f8') + self.place.margin

    # ---- textures, each as large as the canvas ----

    def colour(self):
        kind = self.rng.random()
        if kind < .3:
            return np.full(3, self.real(5, 60)) + self.rng.normal(0, 5, 3)          # dark
        if kind < .5:
            return np.full(3, self.real(150, 250)) + self.rng.normal(0, 8, 3)       # light
        return self.rng.uniform(10, 240, 3)

    def shaded(self, colour, amount=None):
        """One colour with light from a side, folds and grain."""
        side, g = self.place.side, self.real(0, 2 * math.pi)
        amount = self.real(0, 45) if amount is None else amount
        light = ((self.place.columns - side / 2) * math.cos(g) + (self.place.rows - side / 2) * math.sin(g)) * (amount / side * 2)
        folds = cv2.resize(self.rng.normal(0, 1, (self.rng.integers(3, 14), self.rng.integers(3, 14))).astype('f4'), (side, side),
                           interpolation=cv2.INTER_CUBIC)
        return np.clip(colour + (light + folds * self.real(0, 16))[:, :, None] + self.rng.normal(0, self.real(.5, 8), (side, side, 1)),
                       0, 255).astype('u1')

    def cut(self, source=None, part=None):
        """A part of another photo, turned, enlarged and sometimes blurred."""
        side = self.place.side
        other = self.canvases[self.rng.integers(len(self.canvases))] if source is None else source
        s = self.real(1, 3.5)
        x, y = part if part is not None else self.rng.uniform(0, side, 2)
        m = cv2.getRotationMatrix2D((float(x), float(y)), self.real(0, 360), s)
        m[:, 2] += side / 2 - np.array([x, y])
        out = cv2.warpAffine(other, m, (side, side), borderMode=cv2.BORDER_REFLECT)
        return cv2.GaussianBlur(out, (0, 0), self.real(.5, 6)) if self.chance(.4) else out

    def cloth(self):
        kind = self.rng.random()
        if kind < .35:
            return self.cut(part=self.at(self.real(-20, 132), self.real(118, 132)))     # clothes, mostly
        if kind < .5:
            return self.cut()
        base = self.shaded(self.colour())
        if kind < .75:
            return base
        g, wave, other = self.real(0, math.pi), self.real(3, 20), self.shaded(self.colour())
        stripes = np.sin((self.place.columns * math.cos(g) + self.place.rows * math.sin(g)) * (2 * math.pi / wave)) > self.real(-.6, .6)
        return np.where(stripes[:, :, None], base, other)

    def skin(self, image=None):
        """The cheek or the forehead of this face or another one, with its light spread out."""
        other = self.canvases[self.rng.integers(len(self.canvases))] if image is None or self.chance(.2) else image
        x, y = self.one([(34, 72), (78, 72), (56, 32), (50, 30), (62, 30)]) + self.rng.normal(0, 2, 2)
        x, y = (self.at(x, y) + .5).astype(int)
        patch = other[max(y - 4, 0):y + 5, max(x - 4, 0):x + 5].reshape(-1, 3).astype('f4')
        mean = patch.mean(0) * self.real(.75, 1.2)
        if self.chance(.5):
            return self.shaded(mean, self.real(10, 60))
        return np.clip(cv2.GaussianBlur(self.cut(other, (x, y)), (0, 0), 2).astype('f4') * .35 + mean * .65, 0, 255).astype('u1')

    def hair(self, image):
        """Strands in the colour of the hair above the forehead."""
        x, y = (self.at(self.real(30, 82), self.real(0, 10)) + .5).astype(int)
        mean = image[max(y - 5, 0):y + 6, max(x - 5, 0):x + 6].reshape(-1, 3).mean(0)
        mean = self.one([mean, mean, np.array([30., 35, 40]), np.array([60., 90, 120]), np.array([110., 160, 190])]) * self.real(.6, 1.2)
        side = self.place.side
        strands = cv2.GaussianBlur(self.rng.normal(0, 1, (side, side)).astype('f4'), (0, 0), sigmaX=.8, sigmaY=self.real(6, 14))
        out = mean * (1 + strands[:, :, None] * self.real(.8, 2.2))
        m = cv2.getRotationMatrix2D((side / 2, side / 2), self.real(-25, 25), 1.4)
        return cv2.warpAffine(np.clip(out, 0, 255).astype('u1'), m, (side, side), borderMode=cv2.BORDER_REFLECT)

    # ---- laying it on ----

    def lay(self, image, mask, texture, soft=None, strength=1., shadow=None):
        """Returns the image with the texture where the mask is; the mask as it was laid is added to self.cover."""
        soft = self.real(.3, 1.4) if soft is None else soft
        mask = cv2.GaussianBlur(mask, (0, 0), soft)
        if self.chance(.4) if shadow is None else shadow:
            dark = cv2.GaussianBlur(np.roll(mask, (int(self.rng.integers(-1, 5)), int(self.rng.integers(-3, 4))), (0, 1)), (0, 0), self.real(1, 4))
            image = (image * (1 - dark[:, :, None] * (self.real(.1, .55) / 255))).astype('u1')
        weight = mask.astype('f4') * (strength / 255)
        self.cover = np.maximum(self.cover, (weight * 255).astype('u1'))
        return cv2.blendLinear(texture, image, weight, 1 - weight)

    # ---- objects ----

    def cap(self, image):
        middle, low, bend = self.at(56 + self.real(-8, 8), 0)[0], self.at(0, self.real(6, 44))[1], self.real(-.004, .008)
        tilt, texture = self.real(-.12, .12), self.cloth()
        brim = self.chance(.5)
        edge = lambda x: low + tilt * (x - middle) - bend * (x - middle) ** 2 * (1 if brim else -1)
        wide, top = self.real(42, 75), self.place.margin + self.real(-40, -5)
        band = self.place.band(lambda x: np.full_like(x, -5) if self.place.margin < 30 or self.chance(.5) else top + 0 * x, edge)
        head = self.place.ellipse((middle, low + 4), (wide, self.real(40, 75)), 0, self.real(2, 4))
        image = self.lay(image, cv2.min(band, head) if self.chance(.7) else band, texture)
        if brim:
            thick, reach = self.real(4, 13), self.real(28, 66)
            shape = self.place.band(lambda x: edge(x) - thick, edge)
            shape = cv2.min(shape, self.place.ellipse((middle + self.real(-12, 12), low), (reach, 40), 0, 3))
            image = self.lay(image, shape, (self.cloth() if self.chance(.4) else self.shaded(self.colour())), shadow=self.chance(.8))
        if self.chance(.35):        # a badge or letters
            x, y = middle + self.real(-12, 12), low - self.real(10, 22)
            mark = self.place.ellipse((x, y), (self.real(2, 12), self.real(2, 6)), self.real(-15, 15), self.real(2, 6))
            image = self.lay(image, mark, self.shaded(self.colour()), shadow=False)
        return image

    def headband(self, image):
        top, tall, tilt, bend = self.at(0, self.real(8, 32))[1], self.real(5, 18), self.real(-.1, .1), self.real(-.003, .006)
        middle = self.at(56, 0)[0]
        edge = lambda x: top + tilt * (x - middle) + bend * (x - middle) ** 2
        shape = cv2.min(self.place.band(edge, lambda x: edge(x) + tall), self.place.ellipse((middle, top), (self.real(38, 60), 60), 0, 4))
        return self.lay(image, shape, self.cloth())

    def hood(self, image):
        """A scarf around the head or a hood: open in front."""
        middle = self.at(56 + self.real(-6, 6), 62 + self.real(-6, 10))
        hole = self.place.ellipse(middle, (self.real(26, 44), self.real(30, 60)), self.real(-10, 10), self.real(2, 2.6))
        return self.lay(image, 255 - hole, self.cloth(), soft=self.real(.5, 2))

    def fringe(self, image):
        """Hair that covers the forehead down to the brows."""
        low, tilt, middle = self.at(0, self.real(32, 46))[1], self.real(-.25, .25), self.at(56, 0)[0]
        ragged = np.interp(np.linspace(-5, self.place.side + 5, 24), np.linspace(-5, self.place.side + 5, 24), self.rng.normal(0, self.real(.5, 4), 24))
        shape = self.place.band(lambda x: self.at(0, self.real(-6, 8))[1] + 0 * x, lambda x: low + tilt * (x - middle) + ragged[:len(x)])
        shape = cv2.min(shape, self.place.ellipse((middle, low - 10), (self.real(32, 46), 60), 0, 4))
        return self.lay(image, shape, self.hair(image), soft=self.real(.5, 2), strength=self.real(.85, 1))

    def strands(self, image):
        """Thin hair over the face: covers nothing."""
        kept, texture = self.cover, self.hair(image)
        for _ in range(self.rng.integers(2, 9)):
            x, y = self.at(self.real(20, 92), self.real(-5, 15))
            bow, reach = self.real(-25, 25), self.real(15, 70)
            t = np.linspace(0, 1, 8)
            line = self.place.line(np.stack([x + bow * t ** 2, y + reach * t], 1), self.real(1, 2))
            image = self.lay(image, line, texture, soft=.6, strength=self.real(.4, .9), shadow=False)
        self.cover = kept
        return image

    def glasses(self, image, dark):
        """Sunglasses, or glasses that one can look through."""
        eyes = self.place.points[:2] + self.rng.normal(0, 1, 2) + (0, self.real(-1, 3))
        rx, ry, angle, power = self.real(11, 17), self.real(7, 14), self.real(-8, 8), self.one([2, 2, 2.5, 3.5, 6])
        spread, kind = self.real(-1, 2.5), self.rng.random()
        if kind < .15:              # one piece, as for skiing or cycling
            lenses = self.place.ellipse(eyes.mean(0), (rx + 19, ry), 0, self.real(2.5, 6))
        else:
            lenses = cv2.max(self.place.ellipse(eyes[0] - (spread, 0), (rx, ry), angle, power),
                             self.place.ellipse(eyes[1] + (spread, 0), (rx, ry), -angle, power))
        if kind > .8:               # lower half only rounded: wayfarers, aviators
            lenses = cv2.min(lenses, self.place.band(lambda x: eyes[:, 1].mean() - ry * self.real(.3, .8) + 0 * x, lambda x: np.full_like(x, self.place.side)))
        if dark:
            strength = self.real(.6, 1)
            look = self.rng.random()
            texture = self.shaded(np.full(3, self.real(0, 50)) + self.rng.normal(0, 6, 3), self.real(0, 60))
            if look > .75:          # mirrored
                texture = cv2.addWeighted(self.cut(), self.real(.3, .9), self.shaded(self.colour()), self.real(.2, .6), 0)
            elif look > .55:        # coloured
                texture = self.shaded(self.rng.uniform(0, 150, 3), self.real(0, 50))
            image = self.lay(image, lenses, texture, strength=strength, shadow=False)
            if self.chance(.35):    # a reflection
                x, y = self.one(list(eyes)) + self.rng.normal(0, 4, 2)
                image = self.lay(image, cv2.min(lenses, self.place.ellipse((x, y), (self.real(1, 5), self.real(1, 3)), self.real(-40, 40))),
                                 self.shaded(np.full(3, 235.)), strength=self.real(.3, .9), shadow=False)
        kept = self.cover
        if not dark:
            tint = self.real(0, .22)
            image = self.lay(image, lenses, self.shaded(self.colour()), strength=tint, shadow=False)
            for _ in range(self.rng.integers(0, 3)):
                x, y = self.one(list(eyes)) + self.rng.normal(0, 5, 2)
                glint = cv2.min(lenses, self.place.ellipse((x, y), (self.real(1, 4), self.real(.7, 2)), self.real(-40, 40)))
                image = self.lay(image, glint, self.shaded(np.full(3, 245.)), strength=self.real(.3, .9), shadow=False)
        if not dark or self.chance(.7):
            width = self.real(.7, 2.6)
            k = max(1, round(width))
            rim = cv2.subtract(cv2.dilate(lenses, np.ones((k + 1, k + 1), 'u1')), lenses)
            bridge = self.place.line([eyes[0] + (rx - 1, -1), eyes[1] - (rx - 1, 1)], width)
            arms = cv2.max(self.place.line([eyes[0] - (rx, 1), eyes[0] - (rx + 30, self.real(-4, 4))], width),
                           self.place.line([eyes[1] + (rx, -1), eyes[1] + (rx + 30, self.real(-4, 4))], width))
            image = self.lay(image, cv2.max(cv2.max(rim, bridge), arms), self.shaded(self.colour(), 10), soft=.5, shadow=False)
        self.cover = np.maximum(kept, self.cover) if dark else kept
        return image

    def mask(self, image):
        top, wide, low = self.real(58, 84), self.real(27, 42), self.real(108, 126)
        nose = top - self.real(0, 8)
        p = [(56 - wide, top + self.real(-2, 6)), (56 - wide * .5, top - 1), (56, nose), (56 + wide * .5, top - 1), (56 + wide, top + self.real(-2, 6)),
             (56 + wide * self.real(.75, 1), (top + low) / 2), (56 + wide * .5, low - 3), (56, low), (56 - wide * .5, low - 3), (56 - wide * self.real(.75, 1), (top + low) / 2)]
        p = np.array(p) + self.rng.normal(0, .8, (10, 2)) + self.place.margin + (self.real(-3, 3), 0)
        shape = self.place.polygon(p)
        look = self.rng.random()
        if look < .55:              # medical or plain
            colour = self.one([(235, 235, 235), (220, 195, 150), (205, 215, 175), (35, 35, 35), (240, 240, 225), (180, 160, 220), (120, 90, 60)])
            texture = self.shaded(np.array(colour, 'f4') * self.real(.6, 1.05), self.real(10, 60)).astype('f4')
            if self.chance(.5):     # pleats
                pleats = np.sin(self.place.rows * (2 * math.pi / self.real(6, 12)) + (self.place.columns - self.place.side / 2) ** 2 * .0012)
                texture += pleats[:, :, None] * self.real(2, 14)
            texture = np.clip(texture, 0, 255).astype('u1')
        else:
            texture = self.cloth()
        image = self.lay(image, shape, texture)
        if self.chance(.6):
            kept, width = self.cover, self.real(.8, 2)
            straps = cv2.max(self.place.line([p[0], p[0] + (-25, self.real(-16, 2))], width), self.place.line([p[4], p[4] + (25, self.real(-16, 2))], width))
            image, self.cover = self.lay(image, straps, texture, shadow=False), kept
        return image

    def scarf(self, image):
        top, tilt, bend = self.at(0, self.real(66, 116))[1], self.real(-.2, .2), self.real(-.004, .006)
        middle = self.at(56, 0)[0]
        shape = self.place.band(lambda x: top + tilt * (x - middle) + bend * (x - middle) ** 2, lambda x: np.full_like(x, self.place.side + 5))
        return self.lay(image, shape, self.cloth())

    def target(self):
        """Where a hand or an object goes: mostly to one of the three regions."""
        spots = [(56, 30), (38, 52), (73, 52), (56, 92), (56, 92), (56, 96), (30, 78), (82, 78), (56, 112), (8, 60), (104, 60), (56, 74)]
        return self.at(*(self.one(spots) + self.rng.normal(0, 5, 2)))

    def hand(self, image):
        centre, towards, texture = self.target(), self.real(0, 2 * math.pi), self.skin(image)
        size = self.real(9, 21)
        if self.chance(.75):        # a palm or a fist
            shape = self.place.ellipse(centre, (size * self.real(.9, 1.3), size), math.degrees(towards), self.real(2, 3.5))
            image = self.lay(image, shape, texture)
        along, across = np.array([math.cos(towards), math.sin(towards)]), np.array([-math.sin(towards), math.cos(towards)])
        width, count = size * self.real(.3, .5), self.rng.integers(1, 6)
        gap = np.clip(texture * self.real(.3, .75), 0, 255).astype('u1')        # the shade between fingers
        for i in range(count):
            root = centre + across * (i - (count - 1) / 2) * width * self.real(.9, 1.25)
            reach, turn = size * self.real(.8, 2.6), self.real(-.25, .25)
            end = root + along * reach + across * reach * turn
            bend = [root, root * .5 + end * .5 + self.rng.normal(0, 1, 2), end]
            finger = np.clip(texture * self.real(.85, 1.1), 0, 255).astype('u1')
            image = self.lay(image, self.place.line(bend, width + self.real(.8, 2.5)), gap, soft=.5, strength=self.real(.5, 1), shadow=self.chance(.4))
            image = self.lay(image, self.place.line(bend, width), finger, soft=self.real(.4, 1), shadow=False)
        if self.chance(.6):         # the arm
            line = self.place.line([centre, centre - along * 120], size * self.real(1.1, 1.7))
            image = self.lay(image, line, texture if self.chance(.6) else self.cloth(), shadow=False)
        return image

    def microphone(self, image):
        centre, angle = self.target(), self.real(20, 160)
        r = self.real(5, 12)
        a = math.radians(angle)
        stick = self.place.line([centre, centre + np.array([math.cos(a), math.sin(a)]) * 90], r * self.real(.5, 1.1))
        image = self.lay(image, stick, self.shaded(self.colour()))
        return self.lay(image, self.place.ellipse(centre, (r * self.real(.9, 1.5), r), angle, self.real(2, 3)), self.shaded(self.colour(), self.real(20, 80)))

    def thing(self, image):
        """A phone, a cup, paper, a ball, or a piece of another photo."""
        centre, kind = self.target(), self.rng.random()
        texture = self.cut() if kind < .4 else self.cloth() if kind < .7 else self.shaded(self.colour())
        if self.chance(.5):
            shape = self.place.ellipse(centre, (self.real(7, 28), self.real(7, 28)), self.real(0, 180), self.one([2, 3, 8]))
        else:
            n = self.rng.integers(3, 8)
            t = np.sort(self.rng.uniform(0, 2 * math.pi, n))
            shape = self.place.polygon(centre + np.stack([np.cos(t), np.sin(t)], 1) * self.rng.uniform(6, 32, (n, 1)))
        return self.lay(image, shape, texture)

    def bar(self, image):
        """An arm, a racket, a pole: a line through the picture."""
        centre, angle = self.target(), self.real(0, math.pi)
        d = np.array([math.cos(angle), math.sin(angle)]) * 150
        texture = self.skin(image) if self.chance(.4) else self.cloth()
        return self.lay(image, self.place.line([centre - d * self.one([0, 1]), centre + d], self.real(2, 26)), texture)

    def swap(self, image, labels):
        """The upper, middle or lower part of another face: its seams must not matter, its hats must."""
        hats = self.chance(.5) and len(self.donors) > 0
        k = self.one(self.donors) if hats else self.rng.integers(len(self.canvases))
        other, theirs = self.canvases[k], self.labels[k]
        region = FOREHEAD if hats else self.rng.integers(3)
        x, row = np.linspace(-5, self.place.side + 5, 24), lambda y: self.at(0, y)[1]
        bend, middle = self.real(-.003, .003), self.at(56, 0)[0]
        cut = (lambda y: lambda v: row(y) + bend * (v - middle) ** 2)
        whole = {FOREHEAD: (-60, self.real(42, 45)), EYES: (self.real(39, 44), self.real(59, 70)), MOUTH: (self.real(74, 82), 200)}[region]
        shape = cv2.GaussianBlur(self.place.band(cut(whole[0]), cut(whole[1])), (0, 0), self.real(.5, 3)).astype('f4') / 255
        if self.chance(.6):         # the light of this face
            part = other.astype('f4') * (image.mean((0, 1)) + 20) / (other.mean((0, 1)) + 20)
            other = np.clip(part, 0, 255).astype('u1')
        labels[region] = theirs[region]
        return cv2.blendLinear(other, image, shape, 1 - shape)

    def painted(self, k, kinds=None):
        """A canvas with its labels after painting."""
        image, labels = self.canvases[k].copy(), list(self.labels[k])
        self.cover = np.zeros(image.shape[:2], 'u1')
        if kinds is None:
            if self.chance(.12):
                image = self.swap(image, labels)
            count = self.one([0, 0, 1, 1, 1, 1, 2, 2, 3])
            kinds = [self.one(KINDS) for _ in range(count)]
        for kind in kinds:
            image = self.lenses(image, kind) if kind in ('sunglasses', 'spectacles') else getattr(self, kind)(image)
        for region, share in enumerate(self.place.covered(self.cover)):
            high, low = OCCLUDED[region]
            labels[region] = 1 if share >= high else labels[region] if share <= low or labels[region] == 1 else UNKNOWN
        return image, labels

    def lenses(self, image, kind):
        return self.glasses(image, kind == 'sunglasses')


KINDS = ['cap', 'cap', 'headband', 'hood', 'fringe', 'strands', 'strands', 'sunglasses', 'sunglasses', 'spectacles', 'spectacles', 'mask', 'mask',
         'scarf', 'hand', 'hand', 'hand', 'hand', 'hand', 'hand', 'microphone', 'thing', 'thing', 'bar']
