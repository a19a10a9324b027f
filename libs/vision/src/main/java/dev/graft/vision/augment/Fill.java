package dev.graft.vision.augment;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Says what is seen where a picture has no pixels, by the names that SciPy's `ndimage` gives its modes
/// (`scipy.ndimage`, "Interpolation functions": `mode`).
enum Fill {
    /// The nearest pixel of the edge: `a a a | a b c d | d d d`.
    NEAREST,
    /// The picture mirrored at the outer side of the edge: `c b a | a b c d | d c b`.
    REFLECT,
    /// One value, from the centres of the outermost pixels on. Keras' default (`cval=0.0`) is black.
    CONSTANT;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Fill> named(String wireName) {
        return Arrays.stream(values())
                .filter(one -> one.wireName().equals(wireName))
                .findFirst();
    }
}
