package dev.graft.vision.augment;

/// Draws the sides of a box of a drawn area and proportion: the area uniformly, the logarithm of the proportion
/// uniformly, both sides rounded half to even.
///
/// @param area fraction of the picture's area
/// @param ratio one side of the box over the other
record RandomBox(Range area, Range ratio) {
    /// How often a box that does not fit is drawn again: torchvision's and timm's number.
    static final int TRIES = 10;

    /// @param first the side that the ratio multiplies, in pixels
    /// @param second the other one
    record Sides(long first, long second) {}

    Sides drawn(Draw draw, int width, int height) {
        double pixels = (double) width * height * area.drawn(draw);
        double proportion = StrictMath.exp(draw.uniform(StrictMath.log(ratio.low()), StrictMath.log(ratio.high())));
        return new Sides(
                (long) Math.rint(Math.sqrt(pixels * proportion)), (long) Math.rint(Math.sqrt(pixels / proportion)));
    }
}
