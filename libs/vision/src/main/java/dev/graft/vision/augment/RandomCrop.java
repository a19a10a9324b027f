package dev.graft.vision.augment;

import dev.graft.vision.Crop;
import dev.graft.vision.Region;

/// Draws a part of a picture as torchvision's `RandomResizedCrop.get_params` does
/// (`torchvision/transforms/transforms.py`): a part of a drawn area and of proportions between 3 : 4 and 4 :
/// 3. When ten do not fit, the largest part in the middle whose proportions are within these is taken.
///
/// @param area fraction of the picture's area
/// @param showing what decides it
record RandomCrop(Range area, Showing showing) implements Crop {
    private static final Range RATIO = new Range(3.0 / 4.0, 4.0 / 3.0);

    @Override
    public Region of(int widthPixels, int heightPixels) {
        Draw draw = showing.draw("crop");
        RandomBox box = new RandomBox(area, RATIO);
        for (int i = 0; i < RandomBox.TRIES; i++) {
            RandomBox.Sides sides = box.drawn(draw, widthPixels, heightPixels);
            if (fits(sides.first(), widthPixels) && fits(sides.second(), heightPixels)) {
                int width = (int) sides.first();
                int height = (int) sides.second();
                int top = draw.below(heightPixels - height + 1);
                int left = draw.below(widthPixels - width + 1);
                return new Region(left, top, width, height);
            }
        }
        return middle(widthPixels, heightPixels);
    }

    private static boolean fits(long side, int available) {
        return side > 0 && side <= available;
    }

    private static Region middle(int widthPixels, int heightPixels) {
        double ratio = (double) widthPixels / heightPixels;
        int width = ratio > RATIO.high() ? (int) Math.rint(heightPixels * RATIO.high()) : widthPixels;
        int height = ratio < RATIO.low() ? (int) Math.rint(widthPixels / RATIO.low()) : heightPixels;
        return new Region((widthPixels - width) / 2, (heightPixels - height) / 2, width, height);
    }
}
