"""Make GIF, TIFF and other files from PPM pictures: make_media.py KIND SOURCE.ppm... TARGET."""
import struct
import sys


def read_ppm(path):
    with open(path, "rb") as file:
        kind, size, depth, rgb = file.read().split(b"\n", 3)
    width, height = map(int, size.split())
    assert kind == b"P6" and depth == b"255" and len(rgb) == 3 * width * height
    return width, height, rgb


def gif(pictures):
    """A palette of 216 colours; the codes never become longer than 9 bits, because the table is cleared before."""
    width, height, _ = pictures[0]
    palette = bytes(51 * (i // divisor % 6) for i in range(216) for divisor in (36, 6, 1)) + bytes(3 * 40)
    out = [b"GIF89a", struct.pack("<HH", width, height), b"\xf7\0\0", palette]
    for _, _, rgb in pictures:
        levels = bytes((value + 25) // 51 for value in range(256))
        values = rgb.translate(levels)
        colours = [36 * r + 6 * g + b for r, g, b in zip(values[::3], values[1::3], values[2::3])]
        codes = []
        for start in range(0, len(colours), 200):
            codes += [256, *colours[start:start + 200]]
        codes.append(257)
        bits = "".join(format(code, "09b")[::-1] for code in codes)
        data = bytes(int(bits[at:at + 8][::-1], 2) for at in range(0, len(bits), 8))
        out += [b"\x21\xf9\x04\0\x0a\0\0\0", b"\x2c", struct.pack("<HHHH", 0, 0, width, height), b"\0\x08"]
        out += [bytes([len(data[at:at + 255])]) + data[at:at + 255] for at in range(0, len(data), 255)]
        out.append(b"\0")
    return b"".join(out) + b"\x3b"


def tiff(pictures, thumbnail=False, compression=1):
    """Pages without compression. The first one may be a small copy of the second."""
    out = bytearray(b"II*\0\0\0\0\0")
    link = 4
    for number, (width, height, rgb) in enumerate(pictures):
        pixels = len(out)
        out += rgb
        depths = len(out)
        out += struct.pack("<HHH", 8, 8, 8)
        tags = [(254, 4, 1, int(thumbnail and number == 0)), (256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, depths),
                (259, 3, 1, compression), (262, 3, 1, 2), (273, 4, 1, pixels), (277, 3, 1, 3), (278, 4, 1, height), (279, 4, 1, len(rgb)),
                (284, 3, 1, 1)]
        out += bytes(len(out) % 2)
        struct.pack_into("<I", out, link, len(out))
        out += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
        link = len(out)
        out += bytes(4)
    return bytes(out)


def blank(pictures):
    width, height, rgb = pictures[0]
    return b"P6\n%d %d\n255\n" % (width, height) + bytes([200]) * len(rgb)


def tiles(pictures, number=56):
    """A BMP with this number of copies of a picture in each row and column."""
    width, height, rgb = pictures[0]
    bgr = bytearray(rgb)
    bgr[0::3], bgr[2::3] = rgb[2::3], rgb[0::3]
    rows = [bytes(bgr[3 * width * y:3 * width * (y + 1)]) * number for y in reversed(range(height))]
    assert width * 3 * number % 4 == 0
    pixels = b"".join(rows) * number
    return (b"BM" + struct.pack("<IIIIiiHHIIiiII", 54 + len(pixels), 0, 54, 40, width * number, height * number, 1, 24, 0, len(pixels), 0, 0, 0, 0)
            + pixels)


KINDS = {
    "gif": gif, "tiff": tiff, "blank": blank,
    "tiles": tiles,
    "thumbnail": lambda pictures: tiff(pictures, thumbnail=True),
    "packed": lambda pictures: tiff(pictures, compression=34712),
}

if __name__ == "__main__":
    kind, *sources, target = sys.argv[1:]
    with open(target, "wb") as output:
        output.write(KINDS[kind]([read_ppm(source) for source in sources]))
