package dev.graft.vision;

import java.util.Locale;

/// Names a resampling filter, antialiased as Pillow's `Image.resize` does it (`src/libImaging/Resample.c`).
public enum Interpolation {
    /// The triangle filter.
    BILINEAR(1.0) {
        @Override
        double weight(double x) {
            double distance = Math.abs(x);
            return distance < 1.0 ? 1.0 - distance : 0.0;
        }
    },
    /// Keys' cubic filter with a = −0.5.
    BICUBIC(2.0) {
        @Override
        double weight(double x) {
            double distance = Math.abs(x);
            if (distance < 1.0) {
                return ((CUBIC_A + 2.0) * distance - (CUBIC_A + 3.0)) * distance * distance + 1;
            }
            if (distance < 2.0) {
                return (((distance - 5) * distance + 8) * distance - 4) * CUBIC_A;
            }
            return 0.0;
        }
    };

    private static final double CUBIC_A = -0.5;

    /// Half the width of the filter, in pixels of the smaller of both pictures.
    final double support;

    Interpolation(double support) {
        this.support = support;
    }

    abstract double weight(double x);

    /// Returns the name in recipes: `bilinear` or `bicubic`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds a filter by its name in recipes.
    ///
    /// @throws IllegalArgumentException when there is none of this name
    public static Interpolation named(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
