package dev.graft.vision.jpeg;

/// Names what the components of a picture mean, found as libjpeg does it (`default_decompress_parms` in `jdapimin.c`).
enum ColourModel {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK;

    static final int NO_ADOBE = -1;

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
