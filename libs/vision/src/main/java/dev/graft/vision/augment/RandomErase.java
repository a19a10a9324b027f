package dev.graft.vision.augment;

import dev.graft.vision.Region;
import java.util.Optional;

/// Covers a part of a picture (Zhong et al.: Random Erasing Data Augmentation, AAAI 2020) with one colour.
///
/// The area is timm's, 0.02 to 1/3 of the picture's (`timm/data/random_erasing.py`), the proportions Zhong's
/// and timm's, 0.3 to 1/0.3, and the box is smaller than the picture on both sides. When ten do not fit,
/// nothing is covered.
final class RandomErase {
    private static final RandomBox BOX = new RandomBox(new Range(0.02, 1.0 / 3.0), new Range(0.3, 1 / 0.3));

    private RandomErase() {}

    /// Draws what is covered.
    ///
    /// @param probability with which something is
    static Optional<Region> box(Draw draw, double probability, int width, int height) {
        if (!draw.happens(probability)) {
            return Optional.empty();
        }
        for (int i = 0; i < RandomBox.TRIES; i++) {
            RandomBox.Sides sides = BOX.drawn(draw, width, height);
            int boxHeight = (int) sides.first();
            int boxWidth = (int) sides.second();
            if (boxWidth > 0 && boxWidth < width && boxHeight > 0 && boxHeight < height) {
                int top = draw.below(height - boxHeight + 1);
                int left = draw.below(width - boxWidth + 1);
                return Optional.of(new Region(left, top, boxWidth, boxHeight));
            }
        }
        return Optional.empty();
    }

    /// Covers a box.
    ///
    /// @param rgb uint8 [height, width, 3]; changed
    /// @param colour red, green, blue
    static void erase(byte[] rgb, int width, Region box, byte[] colour) {
        for (int y = box.top(); y < box.top() + box.height(); y++) {
            int to = (y * width + box.left()) * 3;
            for (int x = 0; x < box.width(); x++, to += 3) {
                rgb[to] = colour[0];
                rgb[to + 1] = colour[1];
                rgb[to + 2] = colour[2];
            }
        }
    }
}
