package dev.graft.vision.augment;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a specification.
final class SpecParser {
    static final String FILL = "fill";
    static final String NONE = "none";

    /// What people write often. `classic` has everything that a picture without an up and down can bear, such
    /// as an aerial view; `light` turns, moves and mirrors a little, and is meant for photographs.
    private static final Map<String, String> PRESETS = Map.of(
            "light",
            "rotation=10,width-shift=0.05,height-shift=0.05,horizontal-flip",
            "classic",
            "rotation=180,width-shift=0.1,height-shift=0.1,shear=0.1,zoom=0.9..1.5,horizontal-flip,vertical-flip,"
                    + "brightness=0.8..1.2,contrast=0.8..1.2,saturation=0.8..1.2,crop=0.6..1,erase=0.25");

    private static final int QUOTE_MAX = 40;

    private final Map<Setting, Range> settings = new EnumMap<>(Setting.class);
    private @Nullable Fill fill;

    private SpecParser() {}

    static Augmentation parse(String specification) {
        if (specification.length() > Augmentation.MAX_LENGTH) {
            throw new IllegalArgumentException("An augmentation has at most %d characters, not %d."
                    .formatted(Augmentation.MAX_LENGTH, specification.length()));
        }
        String stripped = specification.strip();
        if (stripped.equals(NONE)) {
            return Augmentation.NONE;
        }
        SpecParser parser = new SpecParser();
        for (String item : PRESETS.getOrDefault(stripped, stripped).split(",", -1)) {
            parser.read(item.strip());
        }
        return parser.augmentation();
    }

    private Augmentation augmentation() {
        settings.entrySet().removeIf(setting -> setting.getKey().isIdle(setting.getValue()));
        boolean filled = settings.keySet().stream().anyMatch(Setting::isAffine);
        return new Augmentation(settings, filled && fill != null ? fill : Fill.NEAREST);
    }

    private void read(String item) {
        if (item.isEmpty()) {
            throw new IllegalArgumentException("An augmentation lacks something between its commas. " + known());
        }
        int equals = item.indexOf('=');
        String key = equals < 0 ? item : item.substring(0, equals);
        @Nullable String value = equals < 0 ? null : item.substring(equals + 1);
        if (key.equals(FILL)) {
            readFill(item, value);
            return;
        }
        Setting setting = Setting.of(key).orElseThrow(() -> unknown(key));
        Optional<Range> range = value == null ? setting.withoutValue() : setting.parsed(value);
        if (range.isEmpty()) {
            throw refused(item, setting.rule());
        }
        if (settings.put(setting, range.get()) != null) {
            throw twice(key);
        }
    }

    private void readFill(String item, @Nullable String value) {
        if (fill != null) {
            throw twice(FILL);
        }
        fill = Optional.ofNullable(value)
                .flatMap(Fill::named)
                .orElseThrow(() -> refused(
                        item,
                        FILL + " is one of "
                                + Arrays.stream(Fill.values())
                                        .map(Fill::wireName)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static IllegalArgumentException refused(String item, String rule) {
        return new IllegalArgumentException("\"" + quoted(item) + "\" is not valid: " + rule);
    }

    private static IllegalArgumentException twice(String key) {
        return new IllegalArgumentException("An augmentation gives " + key + " twice.");
    }

    private static IllegalArgumentException unknown(String key) {
        boolean preset = key.equals(NONE) || PRESETS.containsKey(key);
        return new IllegalArgumentException(
                preset
                        ? "The preset " + key + " stands alone; write out what it stands for to change it."
                        : "An augmentation knows no \"" + quoted(key) + "\". " + known());
    }

    private static String known() {
        return "The keys are "
                + Stream.concat(Arrays.stream(Setting.values()).map(one -> one.key), Stream.of(FILL))
                        .collect(Collectors.joining(", "))
                + "; the presets are none, light, classic.";
    }

    /// Shortens what a stranger wrote, and takes control characters out.
    private static String quoted(String text) {
        String plain = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return plain.length() <= QUOTE_MAX ? plain : plain.substring(0, QUOTE_MAX) + "…";
    }
}
