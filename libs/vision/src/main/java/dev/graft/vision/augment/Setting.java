package dev.graft.vision.augment;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a specification can set, by its key, in the order of the canonical form. The limits are wide: they
/// keep out slips and values with which nothing of a picture would be left.
enum Setting {
    ROTATION("rotation", Form.PLUS_MINUS, 0, 180, "degrees to either side"),
    WIDTH_SHIFT("width-shift", Form.PLUS_MINUS, 0, 0.99, "a fraction of the width"),
    HEIGHT_SHIFT("height-shift", Form.PLUS_MINUS, 0, 0.99, "a fraction of the height"),
    SHEAR("shear", Form.PLUS_MINUS, 0, 45, "degrees to either side"),
    ZOOM("zoom", Form.FACTORS, 0.1, 10, "factors"),
    HORIZONTAL_FLIP("horizontal-flip", Form.FLAG, 0, 0.5, ""),
    VERTICAL_FLIP("vertical-flip", Form.FLAG, 0, 0.5, ""),
    BRIGHTNESS("brightness", Form.FACTORS, 0, 10, "factors"),
    CONTRAST("contrast", Form.FACTORS, 0, 10, "factors"),
    SATURATION("saturation", Form.FACTORS, 0, 10, "factors"),
    CROP("crop", Form.FRACTIONS, 0.01, 1, "fractions of the area"),
    ERASE("erase", Form.NUMBER, 0, 1, "a probability"),
    MIXUP("mixup", Form.NUMBER, 0, 10, "the parameter of a beta distribution"),
    CUTMIX("cutmix", Form.NUMBER, 0, 10, "the parameter of a beta distribution");

    /// How a value is written, and which range it stands for.
    enum Form {
        /// `A`: −A to A.
        PLUS_MINUS,
        /// `A`: 0 to A.
        NUMBER,
        /// `LOW..HIGH`, or `A`: 1 − A to 1 + A.
        FACTORS,
        /// `LOW..HIGH`.
        FRACTIONS,
        /// Nothing: happens with the probability ½.
        FLAG
    }

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?");
    private static final String TO = "..";

    final String key;
    private final Form form;
    private final Range limits;
    private final String meaning;

    Setting(String key, Form form, double least, double most, String meaning) {
        this.key = key;
        this.form = form;
        this.limits = new Range(least, most);
        this.meaning = meaning;
    }

    static Optional<Setting> of(String key) {
        return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
    }

    /// Returns whether it moves pixels, so that some may be missing.
    boolean isAffine() {
        return compareTo(ZOOM) <= 0;
    }

    /// Reads the range that a value stands for.
    ///
    /// @return nothing when the value is not of this form or not within the limits
    Optional<Range> parsed(String value) {
        return switch (form) {
            case FLAG -> Optional.empty();
            case PLUS_MINUS ->
                number(value).map(BigDecimal::doubleValue).filter(this::allows).map(Range::plusOrMinus);
            case NUMBER ->
                number(value).map(BigDecimal::doubleValue).filter(this::allows).map(most -> new Range(0, most));
            case FRACTIONS -> range(value).filter(range -> range.isWithin(limits));
            case FACTORS ->
                range(value)
                        .or(() ->
                                number(value).filter(most -> most.signum() >= 0).map(Setting::aroundOne))
                        .filter(range -> range.isWithin(limits));
        };
    }

    /// Returns the range that the key stands for by itself; nothing when it needs a value.
    Optional<Range> withoutValue() {
        return form == Form.FLAG ? Optional.of(new Range(0, limits.high())) : Optional.empty();
    }

    /// Returns whether a range leaves every picture as it is.
    boolean isIdle(Range range) {
        return switch (form) {
            case PLUS_MINUS, NUMBER -> range.isOnly(0);
            case FACTORS -> range.isOnly(1);
            // A crop of the whole area still has other proportions.
            case FRACTIONS, FLAG -> false;
        };
    }

    String written(Range range) {
        return switch (form) {
            case FLAG -> key;
            case PLUS_MINUS, NUMBER -> key + "=" + Range.written(range.high());
            case FACTORS, FRACTIONS -> key + "=" + range;
        };
    }

    /// Says in a sentence what is taken.
    String rule() {
        String bounds = Range.written(limits.low()) + " to " + Range.written(limits.high());
        return switch (form) {
            case FLAG -> key + " takes no value.";
            case PLUS_MINUS, NUMBER -> key + "=A takes " + meaning + ", " + bounds + ".";
            case FACTORS ->
                key + "=LOW..HIGH takes " + meaning + ", " + bounds + "; " + key + "=A stands for 1-A..1+A.";
            case FRACTIONS -> key + "=LOW..HIGH takes " + meaning + ", " + bounds + ".";
        };
    }

    private boolean allows(double value) {
        return value >= limits.low() && value <= limits.high();
    }

    /// Subtracts in decimals, so that what is written back has as few of them.
    private static Range aroundOne(BigDecimal most) {
        return new Range(
                BigDecimal.ONE.subtract(most).doubleValue(),
                BigDecimal.ONE.add(most).doubleValue());
    }

    private static Optional<Range> range(String value) {
        int between = value.indexOf(TO);
        if (between < 0) {
            return Optional.empty();
        }
        Optional<BigDecimal> low = number(value.substring(0, between));
        Optional<BigDecimal> high = number(value.substring(between + TO.length()));
        return low.isEmpty() || high.isEmpty() || low.get().compareTo(high.get()) > 0
                ? Optional.empty()
                : Optional.of(new Range(low.get().doubleValue(), high.get().doubleValue()));
    }

    private static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
