package dev.graft.vision.augment;

import java.math.BigDecimal;

/// The interval from which a value is drawn.
///
/// @param low smallest value
/// @param high greatest value, at least `low`
record Range(double low, double high) {
    Range {
        if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
            throw new IllegalArgumentException("No range: " + low + " to " + high);
        }
    }

    /// Returns the range from −`most` to `most`.
    static Range plusOrMinus(double most) {
        return new Range(0.0 - most, most);
    }

    double drawn(Draw draw) {
        return draw.uniform(low, high);
    }

    boolean isWithin(Range other) {
        return low >= other.low && high <= other.high;
    }

    /// Returns whether nothing but this value can be drawn.
    boolean isOnly(double value) {
        return low == value && high == value;
    }

    /// Writes a number with the fewest decimals that stand for it, and never with an exponent.
    static String written(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return written(low) + ".." + written(high);
    }
}
