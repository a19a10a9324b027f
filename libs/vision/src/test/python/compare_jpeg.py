"""Compares the JPEG decoder with Pillow on generated and mutated files.

usage: compare_jpeg.py make FOLDER FILES PHOTOGRAPHS   writes FOLDER/files.bin and FOLDER/expected.txt
       compare_jpeg.py compare FOLDER                  reads these and FOLDER/actual.txt, which JpegComparison writes

Half of the files are good: every subsampling, quality, progression and restart interval that Pillow writes, grey, RGB
and CMYK, 1 to 260 pixels a side. Half of them are mutated: bytes changed, left out or cut off. Beside what Pillow makes
of a file stands whether libjpeg-turbo, asked to be strict, warns of it; such a file is to be refused.
"""

import io
import random
import struct
import sys
import zlib
from collections import Counter
from pathlib import Path

import numpy
import simplejpeg
from PIL import Image, ImageFile

# Room for any file at once: the encoder cannot wait for more of it in every mode.
ImageFile.MAXBLOCK = 1 << 22


def source_image(rng, photographs):
    width, height = rng.randint(1, 260), rng.randint(1, 260)
    if rng.random() < 0.7:
        photograph = rng.choice(photographs)
        left = rng.randint(0, max(0, photograph.width - width))
        top = rng.randint(0, max(0, photograph.height - height))
        image = photograph.crop((left, top, left + width, top + height))
    else:
        noise = numpy.random.default_rng(rng.getrandbits(32)).integers(0, 256, (height, width, 3), numpy.uint8)
        image = Image.fromarray(noise // rng.choice([1, 8, 64]))
    return image.convert(rng.choice(["RGB"] * 6 + ["L", "CMYK"]))


def good(rng, photographs):
    image = source_image(rng, photographs)
    options = {"quality": rng.choice([1, 5, 30, 60, 75, 85, 90, 95, 100])}
    if image.mode == "RGB":
        options["subsampling"] = rng.choice(["4:4:4", "4:2:2", "4:2:0"])
        options["keep_rgb"] = rng.random() < 0.1
        if options["keep_rgb"]:
            options["subsampling"] = "4:4:4"
    options["progressive"] = rng.random() < 0.4
    options["optimize"] = rng.random() < 0.4
    restarts = rng.random()
    if restarts < 0.15:
        options["restart_marker_blocks"] = rng.randint(1, 40)
    elif restarts < 0.3:
        options["restart_marker_rows"] = rng.randint(1, 4)
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def mutated(rng, data):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(2, len(data)) if rng.random() < 0.6 else rng.randrange(2, min(len(data), 700))
        kind = rng.randrange(6)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif kind == 2:
            del data[at : at + rng.randint(1, 20)]
        elif kind == 3:
            data[at:at] = rng.randbytes(rng.randint(1, 20))
        elif kind == 4 and rng.random() < 0.3:
            del data[at:]
        else:
            data[at : at + 2] = rng.choice([b"\xff\x00", b"\xff\xd9", b"\xff\xd0", b"\xff\xc4", b"\xff\xda", b"\x00\x00"])
        if len(data) < 20:
            break
    return bytes(data)


def by_pillow(data):
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        rgb = image.convert("RGB")
        return "%dx%d %08x" % (*rgb.size, zlib.crc32(rgb.tobytes()))
    except Exception:
        return "refused"


def warns(data):
    try:
        simplejpeg.decode_jpeg(data, strict=True)
        return False
    except Exception as e:
        return "nsupported" not in str(e)


def make(folder, count, photographs):
    rng = random.Random(20261128)
    paths = sorted(Path(photographs).rglob("*.jpg"))
    images = [Image.open(path).convert("RGB") for path in rng.sample(paths, min(60, len(paths)))]
    with open(folder / "files.bin", "wb") as files, open(folder / "expected.txt", "w") as expected:
        for i in range(count):
            data = good(rng, images)
            if i % 2:
                data = mutated(rng, data)
            files.write(struct.pack(">i", len(data)) + data)
            kind = "mutated" if i % 2 else "good"
            expected.write("%s\t%s\t%s\n" % (kind, "warned" if warns(data) else "sound", by_pillow(data)))


def compare(folder):
    counts = Counter()
    expected = (folder / "expected.txt").read_text().splitlines()
    actual = (folder / "actual.txt").read_text().splitlines()
    assert len(expected) == len(actual)
    for i, (wanted, given) in enumerate(zip(expected, actual)):
        kind, strict, pillow = wanted.split("\t")
        if pillow == "refused":
            outcome = "both refuse" if " " not in given else "only Pillow refuses"
        elif " " not in given:
            outcome = "only we refuse, " + strict
        else:
            outcome = "same pixels" if given == pillow else "other pixels, " + strict
        counts[kind, outcome] += 1
        if outcome in ("only Pillow refuses", "only we refuse, sound") or outcome.startswith("other"):
            print(i, kind, strict, pillow, given)
    for key, count in sorted(counts.items()):
        print(*key, count, sep="\t")


if sys.argv[1] == "make":
    make(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
else:
    compare(Path(sys.argv[2]))
