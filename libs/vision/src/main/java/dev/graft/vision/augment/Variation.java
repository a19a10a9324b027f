package dev.graft.vision.augment;

import dev.graft.vision.Region;
import java.util.Optional;

/// Holds what was drawn for one showing of a prepared picture of one size.
///
/// @param affine where its pixels come from
/// @param fill what is seen beyond its edges
/// @param mirror which sides change places, after the pixels were moved
/// @param brightness factor, at least 0
/// @param contrast factor, at least 0
/// @param saturation factor, at least 0
/// @param erased what is covered at last
record Variation(
        Affine affine,
        Fill fill,
        Mirror mirror,
        double brightness,
        double contrast,
        double saturation,
        Optional<Region> erased) {
    /// What is seen beyond the edges with [Fill#CONSTANT]: Keras' `cval`, which is 0.
    private static final int BLACK = 0;

    /// Varies a picture: affine, flips, brightness, contrast, saturation, erase.
    ///
    /// @param rgb uint8 [height, width, 3]; not changed
    /// @param colour red, green and blue of what is covered
    /// @return uint8 [height, width, 3], an array of its own
    byte[] applied(byte[] rgb, int width, int height, byte[] colour) {
        byte[] varied = moved(rgb, width, height);
        Colours.brighten(varied, brightness);
        Colours.contrast(varied, contrast);
        Colours.saturate(varied, saturation);
        erased.ifPresent(box -> RandomErase.erase(varied, width, box, colour));
        return varied;
    }

    private byte[] moved(byte[] rgb, int width, int height) {
        if (affine.isIdentity()) {
            return mirror.isIdentity() ? rgb.clone() : mirror.mirrored(rgb, width, height);
        }
        return AffineResampler.resample(rgb, width, height, affine.matrix(width, height), fill, BLACK, mirror);
    }
}
