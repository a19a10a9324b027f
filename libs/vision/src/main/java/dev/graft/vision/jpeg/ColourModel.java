package dev.graft.vision.jpeg;

/// Names what the components of a picture mean, found as libjpeg does it (`default_decompress_parms` in `jdapimin.c`).
public enum ColourModel {
    /// Lightness alone.
    GREY,
    /// Red, green and blue.
    RGB,
    /// Luma and two differences from it.
    YCC,
    /// Four inks, inverted as Adobe stores them.
    CMYK,
    /// Luma and differences in place of the first three inks, inverted.
    YCCK,
    /// Four inks as they are.
    INKS;

    static final int NO_ADOBE = -1;

    boolean hasComponents(int count) {
        return count
                == switch (this) {
                    case GREY -> 1;
                    case RGB, YCC -> 3;
                    case CMYK, YCCK, INKS -> 4;
                };
    }

    /// Finds the model.
    ///
    /// @param adobeTransform the transform of Adobe's segment, or [#NO_ADOBE]
    static ColourModel of(Frame frame, boolean hasJfif, int adobeTransform) {
        return switch (frame.components().size()) {
            case 1 -> GREY;
            case 3 -> {
                if (hasJfif) {
                    yield YCC;
                }
                if (adobeTransform != NO_ADOBE) {
                    yield adobeTransform == 0 ? RGB : YCC;
                }
                boolean named = frame.components().get(0).id == 'R'
                        && frame.components().get(1).id == 'G'
                        && frame.components().get(2).id == 'B';
                yield named ? RGB : YCC;
            }
            default -> adobeTransform == NO_ADOBE || adobeTransform == 0 ? CMYK : YCCK;
        };
    }
}
