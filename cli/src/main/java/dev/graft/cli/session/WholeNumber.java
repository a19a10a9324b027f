package dev.graft.cli.session;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads whole numbers within bounds.
public abstract class WholeNumber implements ITypeConverter<Integer> {
    private final int least;
    private final int most;
    private final String unit;

    /// @param unit what is counted, for a person
    protected WholeNumber(int least, int most, String unit) {
        this.least = least;
        this.most = most;
        this.unit = unit;
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
        throw new TypeConversionException("it takes %,d to %,d %s, not '%s'".formatted(least, most, unit, text));
    }
}
