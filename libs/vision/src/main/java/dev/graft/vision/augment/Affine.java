package dev.graft.vision.augment;

/// Says where the pixels of a varied picture come from: rotation, shift, shear and zoom about the centre of the
/// picture. All of it leads from the varied picture to the one that is varied, as in Keras'
/// `ImageDataGenerator`: a zoom above 1 shows more of a picture and makes it smaller.
///
/// @param rotationDegrees from the columns' axis to the rows' axis
/// @param shiftColumns in pixels
/// @param shiftRows in pixels
/// @param shearDegrees angle between the sheared rows' axis and the upright one
/// @param zoomColumns factor, above 0
/// @param zoomRows factor, above 0
record Affine(
        double rotationDegrees,
        double shiftColumns,
        double shiftRows,
        double shearDegrees,
        double zoomColumns,
        double zoomRows) {

    boolean isIdentity() {
        return rotationDegrees == 0
                && shiftColumns == 0
                && shiftRows == 0
                && shearDegrees == 0
                && zoomColumns == 1
                && zoomRows == 1;
    }

    /// Multiplies centre · rotation · shift · shear · zoom · centre⁻¹ (Keras' `apply_affine_transform` in
    /// `keras/src/legacy/preprocessing/image.py`), where the centre is ((width − 1) / 2, (height − 1) / 2).
    ///
    /// @return the upper two rows of the 3 × 3 matrix, for columns of (x, y, 1): x the column, y the row
    double[] matrix(int width, int height) {
        double angle = Math.toRadians(rotationDegrees);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double slant = Math.toRadians(shearDegrees);
        double shearX = -StrictMath.sin(slant);
        double shearY = StrictMath.cos(slant);
        // Rotation · shift, then · shear, then · zoom.
        double shiftX = cos * shiftColumns - sin * shiftRows;
        double shiftY = sin * shiftColumns + cos * shiftRows;
        double xx = cos * zoomColumns;
        double xy = (cos * shearX - sin * shearY) * zoomRows;
        double yx = sin * zoomColumns;
        double yy = (sin * shearX + cos * shearY) * zoomRows;
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        return new double[] {
            xx,
            xy,
            -xx * centreX - xy * centreY + (shiftX + centreX),
            yx,
            yy,
            -yx * centreX - yy * centreY + (shiftY + centreY)
        };
    }
}
