package dev.graft.vision;

/// Names how stored rows and columns are meant to be seen: tag 0x0112 of Exif 2.32 and TIFF 6.0.
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    ROTATED_180(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    ROTATED_90(true, true, false),
    TRANSVERSED(true, true, true),
    ROTATED_270(true, false, true);

    private static final Orientation[] BY_TAG = values();

    /// Whether rows become columns; this is done first, and the reversals below are those of the upright picture.
    final boolean swapsSides;

    final boolean reversesColumns;
    final boolean reversesRows;

    Orientation(boolean swapsSides, boolean reversesColumns, boolean reversesRows) {
        this.swapsSides = swapsSides;
        this.reversesColumns = reversesColumns;
        this.reversesRows = reversesRows;
    }

    /// Returns the orientation of a tag's value; anything but 1 … 8 counts as upright.
    static Orientation ofTag(long value) {
        return value < 1 || value > BY_TAG.length ? UPRIGHT : BY_TAG[(int) value - 1];
    }

    int uprightWidth(int storedWidth, int storedHeight) {
        return swapsSides ? storedHeight : storedWidth;
    }

    int uprightHeight(int storedWidth, int storedHeight) {
        return swapsSides ? storedWidth : storedHeight;
    }

    /// Returns the stored region that holds a region of the upright picture.
    Region storedRegion(Region upright, int storedWidth, int storedHeight) {
        int uprightWidth = uprightWidth(storedWidth, storedHeight);
        int uprightHeight = uprightHeight(storedWidth, storedHeight);
        int left = reversesColumns ? uprightWidth - upright.left() - upright.width() : upright.left();
        int top = reversesRows ? uprightHeight - upright.top() - upright.height() : upright.top();
        return swapsSides
                ? new Region(top, left, upright.height(), upright.width())
                : new Region(left, top, upright.width(), upright.height());
    }

    /// Returns where a stored region lies in the upright picture.
    private Region uprightRegion(Region stored, int storedWidth, int storedHeight) {
        int left = swapsSides ? stored.top() : stored.left();
        int top = swapsSides ? stored.left() : stored.top();
        int width = uprightWidth(stored.width(), stored.height());
        int height = uprightHeight(stored.width(), stored.height());
        return new Region(
                reversesColumns ? uprightWidth(storedWidth, storedHeight) - left - width : left,
                reversesRows ? uprightHeight(storedWidth, storedHeight) - top - height : top,
                width,
                height);
    }

    /// Returns the upright patch of a stored one.
    Patch upright(Patch stored, int storedWidth, int storedHeight) {
        Pixels pixels = stored.pixels();
        Region region = uprightRegion(
                new Region(stored.left(), stored.top(), pixels.widthPixels(), pixels.heightPixels()),
                storedWidth,
                storedHeight);
        return new Patch(region.left(), region.top(), upright(pixels));
    }

    /// Returns the upright picture of a stored one; the very same object when there is nothing to turn.
    Pixels upright(Pixels stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = uprightWidth(stored.widthPixels(), stored.heightPixels());
        int height = uprightHeight(stored.widthPixels(), stored.heightPixels());
        byte[] from = stored.rgb();
        byte[] to = new byte[from.length];
        int columnStep = swapsSides ? stored.widthPixels() * 3 : 3;
        int rowStep = swapsSides ? 3 : stored.widthPixels() * 3;
        for (int y = 0, target = 0; y < height; y++) {
            int rowStart = (reversesRows ? height - 1 - y : y) * rowStep;
            int source = rowStart + (reversesColumns ? (width - 1) * columnStep : 0);
            int step = reversesColumns ? -columnStep : columnStep;
            for (int x = 0; x < width; x++, source += step, target += 3) {
                to[target] = from[source];
                to[target + 1] = from[source + 1];
                to[target + 2] = from[source + 2];
            }
        }
        return new Pixels(width, height, to);
    }
}
