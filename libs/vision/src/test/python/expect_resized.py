"""Writes what Pillow makes of the test pictures: usage: expect_resized.py RESOURCES > RESOURCES/resized-expected.tsv

Each line names a picture, the side of the network's input, the part of the resized picture that the crop keeps, the
interpolation, and the CRC-32 of the RGB pixels. Resizing is that of torchvision: the short side becomes side / part,
rounded down, the long side follows, rounded down, and the centre is cropped.
"""

import sys
import zlib
from pathlib import Path

from PIL import Image

IMAGES = ["cases/bigtiff_rgb.tif", "cases/webcam_frame_422_no_dht.jpg", "pictures/jpeg-420.jpg", "pictures/jpeg-444-progressive.jpg",
          "pictures/png-rgba.png", "pictures/webp-lossy-40.webp", "pictures/gif-interlaced.gif"]
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}

print("# Made by expect_resized.py with Pillow " + Image.__version__ + ".")
resources = Path(sys.argv[1])
for name in IMAGES:
    expected = resources / (name + ".expected.png")
    image = Image.open(expected if expected.exists() else resources / name)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image.convert("RGBA"))
    image = image.convert("RGB")
    for size, part in [(24, 1.0), (96, 0.875), (224, 0.95)]:
        for filter_name, resampling in FILTERS.items():
            short = int(size / part)
            width, height = image.size
            if width <= height:
                resized = (short, int(short * height / width))
            else:
                resized = (int(short * width / height), short)
            left, top = (round((side - size) / 2.0) for side in resized)
            small = image.resize(resized, resampling).crop((left, top, left + size, top + size))
            print(name, size, part, filter_name, "%08x" % zlib.crc32(small.tobytes()), sep="\t")
