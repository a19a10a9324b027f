package dev.graft.vision.augment;

import dev.graft.vision.Region;
import java.nio.FloatBuffer;
import java.util.Optional;

/// Mixes the pictures of a batch, and their targets, two and two: mixup (Zhang et al., ICLR 2018) adds the
/// whole pictures, cutmix (Yun et al., ICCV 2019) lays a box of one over the other. The arithmetic is that of
/// timm's `Mixup` in its mode `batch` (`timm/data/mixup.py`): one share for the whole batch, and the partner
/// of picture i of n is picture n − 1 − i. The picture in the middle of an odd number is its own partner.
///
/// Immutable and safe for many threads.
///
/// @param share λ: how much of its own target a picture keeps, 0 to 1
/// @param box what comes from the partner, as it is; absent for mixup, where the partner is added with 1 − λ
public record Mixing(double share, Optional<Region> box) {
    /// With which probability it is cutmix when both are asked for: timm's `switch_prob`.
    private static final double CUTMIX_PROBABILITY = 0.5;

    /// Draws how the batch of one step is mixed, from `Draw.of("mix", seed, epoch, step)`: first, when both
    /// are asked for, whether it is cutmix; then λ, of the beta distribution with both parameters A; for
    /// cutmix, then the row and the column of the box's centre.
    ///
    /// @param step number of the step
    /// @return nothing when the augmentation does not mix
    public static Optional<Mixing> of(
            Augmentation augmentation, long seed, long epoch, long step, int widthPixels, int heightPixels) {
        if (!augmentation.isMixed()) {
            return Optional.empty();
        }
        double mixup = augmentation.most(Setting.MIXUP);
        double cutmix = augmentation.most(Setting.CUTMIX);
        Draw draw = Draw.of("mix", seed, epoch, Long.toString(step));
        boolean cut = mixup == 0 || (cutmix > 0 && draw.happens(CUTMIX_PROBABILITY));
        if (!cut) {
            return Optional.of(new Mixing(Beta.drawn(draw, mixup), Optional.empty()));
        }
        return Optional.of(cut(Beta.drawn(draw, cutmix), draw, widthPixels, heightPixels));
    }

    /// Places a box of about 1 − λ of the area, whose centre lies anywhere in the picture, and takes what
    /// lies within; λ is then what is left of the picture.
    private static Mixing cut(double share, Draw draw, int width, int height) {
        double side = Math.sqrt(1 - share);
        int halfHeight = (int) (height * side) / 2;
        int halfWidth = (int) (width * side) / 2;
        int centreRow = draw.below(height);
        int centreColumn = draw.below(width);
        int top = Math.max(centreRow - halfHeight, 0);
        int left = Math.max(centreColumn - halfWidth, 0);
        int boxHeight = Math.min(centreRow + halfHeight, height) - top;
        int boxWidth = Math.min(centreColumn + halfWidth, width) - left;
        double kept = 1 - (double) boxWidth * boxHeight / ((double) width * height);
        return new Mixing(kept, Optional.of(new Region(left, top, boxWidth, boxHeight)));
    }

    /// Checks the share.
    ///
    /// @throws IllegalArgumentException when it is not between 0 and 1
    public Mixing {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be between 0 and 1");
        }
    }

    /// Returns the picture with which one of a batch is mixed.
    public static int partner(int index, int images) {
        return images - 1 - index;
    }

    /// Mixes a whole batch in place.
    ///
    /// @param batch float32 [images, channels, height, width] from its position on, which stays
    /// @throws IllegalArgumentException when the box of this is not within such pictures
    /// @throws IndexOutOfBoundsException when the buffer holds less
    public void mixImages(FloatBuffer batch, int images, int channels, int heightPixels, int widthPixels) {
        Region area = box.orElse(new Region(0, 0, widthPixels, heightPixels));
        if (area.left() + area.width() > widthPixels || area.top() + area.height() > heightPixels) {
            throw new IllegalArgumentException(
                    "The box %s is not within %d × %d pixels".formatted(area, widthPixels, heightPixels));
        }
        float own = box.isPresent() ? 0 : (float) share;
        int planeSize = heightPixels * widthPixels;
        for (int i = 0; i < images / 2; i++) {
            int first = batch.position() + i * channels * planeSize;
            int second = batch.position() + partner(i, images) * channels * planeSize;
            for (int channel = 0; channel < channels; channel++) {
                for (int y = area.top(); y < area.top() + area.height(); y++) {
                    int from = channel * planeSize + y * widthPixels + area.left();
                    mix(batch, first + from, second + from, area.width(), own);
                }
            }
        }
    }

    /// Mixes the targets of a batch in place.
    ///
    /// @param targets float32 [images, classes] from its position on, which stays
    /// @throws IndexOutOfBoundsException when the buffer holds less
    public void mixTargets(FloatBuffer targets, int images, int classes) {
        for (int i = 0; i < images / 2; i++) {
            mix(
                    targets,
                    targets.position() + i * classes,
                    targets.position() + partner(i, images) * classes,
                    classes,
                    (float) share);
        }
    }

    /// Gives both of two rows their own share of themselves, and the rest of the other one.
    private static void mix(FloatBuffer values, int first, int second, int length, float own) {
        float other = 1 - own;
        for (int i = 0; i < length; i++) {
            float a = values.get(first + i);
            float b = values.get(second + i);
            values.put(first + i, own * a + other * b);
            values.put(second + i, own * b + other * a);
        }
    }
}
