package dev.graft.cli.augmentation;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads whole numbers within bounds. Those here keep the pixels of a sheet within 35 MB, twice which the
/// small heap of the command holds.
abstract sealed class WholeNumber implements ITypeConverter<Integer> {
    private final int least;
    private final int most;
    private final String unit;

    private WholeNumber(int least, int most, String unit) {
        this.least = least;
        this.most = most;
        this.unit = unit;
    }

    /// How many images are drawn.
    static final class OfImages extends WholeNumber {
        OfImages() {
            super(1, 24, "pictures");
        }
    }

    /// How large they are drawn.
    static final class OfPixels extends WholeNumber {
        OfPixels() {
            super(32, 256, "pixels");
        }
    }

    @Override
    public final Integer convert(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Is refused as one out of bounds is.
        }
        throw new TypeConversionException("it takes %d to %d %s, not '%s'".formatted(least, most, unit, text));
    }
}
