package dev.graft.networks.quantisation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// The numbers that a value takes, and the eight-bit form that follows: `number = (byte − zeroPoint) · scale`,
/// bytes from 0 to 255, so that zero is exact and what lies outside the range takes its nearest end.
///
/// @param minimum least number
/// @param maximum greatest number
public record Range(float minimum, float maximum) {
    private static final int LEVELS = 255;
    private static final float LEAST_SCALE = Float.MIN_NORMAL;

    /// Checks that both are finite and in order.
    public Range {
        if (!Float.isFinite(minimum) || !Float.isFinite(maximum) || minimum > maximum) {
            throw new IllegalArgumentException(minimum + " to " + maximum + " is no range");
        }
    }

    /// Returns the step between neighbouring bytes.
    public float scale() {
        return (float) Math.max((Math.max(maximum, 0.0) - least()) / LEVELS, LEAST_SCALE);
    }

    /// Returns the byte that stands for zero, 0 to 255.
    public int zeroPoint() {
        return (int) Math.clamp(Math.rint(-least() / scale()), 0, LEVELS);
    }

    /// Returns the range with a minimum and a maximum of few digits, each farther from zero by less than a
    /// thousandth of itself. So machines whose arithmetic differs in the last digits agree.
    public Range rounded() {
        return new Range(outward(minimum), outward(maximum));
    }

    /// Returns the range with a 256th more below. The 256 levels of a pixel would often lie halfway between two
    /// bytes of their own range, where the last digit of a sum decides which one is taken; in the wider range
    /// they do not.
    public Range widened() {
        return new Range(minimum - (maximum - minimum) / (LEVELS + 1), maximum);
    }

    private double least() {
        return Math.min(minimum, 0.0);
    }

    private static float outward(float bound) {
        MathContext digits = new MathContext(4, RoundingMode.UP);
        return new BigDecimal(Float.toString(bound)).round(digits).floatValue();
    }
}
