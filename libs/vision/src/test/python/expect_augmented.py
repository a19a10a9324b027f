"""Writes what Pillow makes of a test picture: usage: expect_augmented.py RESOURCES > RESOURCES/augmented-expected.tsv

Each line names what is done (brightness, contrast or saturation by a factor; or a box, left:top:width:height, resized to a
square of so many pixels), and the CRC-32 of the RGB pixels. The boxes are such that Pillow resizes their rows first; where
it is cheaper, it begins with the columns, which gives some samples that are rounded differently.
"""

import sys
import zlib
from pathlib import Path

from PIL import Image, ImageEnhance

SOURCE = "pictures/jpeg-420.jpg"
ENHANCERS = {"brightness": ImageEnhance.Brightness, "contrast": ImageEnhance.Contrast, "saturation": ImageEnhance.Color}
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

print("# Made by expect_augmented.py with Pillow " + Image.__version__ + " of " + SOURCE + ".")
image = Image.open(Path(sys.argv[1]) / SOURCE).convert("RGB")
for name, enhancer in ENHANCERS.items():
    for factor in [0.0, 0.3, 0.8123456789, 1.2, 1.7, 10.0]:
        print(name, factor, "%08x" % zlib.crc32(enhancer(image).enhance(factor).tobytes()), sep="\t")
for left, top, width, height in [(0, 0) + image.size, (3, 5, 30, 21), (11, 0, 1, 1), (7, 2, 26, 20)]:
    for size in [24, 96]:
        for filter_name, resampling in FILTERS.items():
            part = image.crop((left, top, left + width, top + height)).resize((size, size), resampling)
            print("%d:%d:%d:%d" % (left, top, width, height), "%d-%s" % (size, filter_name),
                  "%08x" % zlib.crc32(part.tobytes()), sep="\t")
