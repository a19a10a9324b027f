package dev.graft.vision.augment;

import dev.graft.vision.Crop;
import dev.graft.vision.Region;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Says within which limits the pictures of a training are varied: `KEY=VALUE` and `KEY`, separated by
/// commas, or the name of a preset (`none`, `light`, `classic`). The documentation of the package says what
/// they mean.
///
/// Immutable and safe for many threads; equal when the canonical forms are.
public final class Augmentation {
    /// How many characters a specification has at most.
    public static final int MAX_LENGTH = 500;

    /// Varies nothing.
    public static final Augmentation NONE = new Augmentation(Map.of(), Fill.NEAREST);

    private final Map<Setting, Range> settings;
    private final Fill fill;
    private final String canonical;

    /// Takes settings that are within their limits.
    ///
    /// @param settings in their order; those that change nothing are left out
    /// @param fill counts only where pictures are moved
    Augmentation(Map<Setting, Range> settings, Fill fill) {
        this.settings = settings;
        this.fill = fill;
        Stream<String> values =
                settings.entrySet().stream().map(setting -> setting.getKey().written(setting.getValue()));
        Stream<String> filling = settings.keySet().stream()
                .filter(Setting::isAffine)
                .limit(1)
                .map(_ -> SpecParser.FILL + "=" + fill.wireName());
        String joined = Stream.concat(values, filling).collect(Collectors.joining(","));
        this.canonical = joined.isEmpty() ? SpecParser.NONE : joined;
    }

    /// Reads a specification, at most [#MAX_LENGTH] characters.
    ///
    /// @throws IllegalArgumentException when it is not understood: a key is unknown, given twice or lacks its
    ///     value, a value is no number or out of its range. The message is made of sentences that name the
    ///     key, the value and what is taken
    public static Augmentation parse(String specification) {
        return SpecParser.parse(specification);
    }

    /// Returns whether every picture stays as it is, and no two are mixed.
    public boolean isNone() {
        return settings.isEmpty();
    }

    /// Returns whether pictures of a batch are mixed, which [Mixing] does.
    public boolean isMixed() {
        return settings.containsKey(Setting.MIXUP) || settings.containsKey(Setting.CUTMIX);
    }

    /// Returns whether a picture is changed by itself, whatever it is mixed with.
    public boolean isVaried() {
        return settings.keySet().stream().anyMatch(setting -> setting != Setting.MIXUP && setting != Setting.CUTMIX);
    }

    /// Returns whether another part of each file is looked at in each showing, so that a picture cannot be
    /// prepared once and for all.
    public boolean isCropped() {
        return settings.containsKey(Setting.CROP);
    }

    /// Returns what chooses the part that is looked at in one showing; nothing when the recipe does.
    Optional<Crop> crop(Showing showing) {
        return Optional.ofNullable(settings.get(Setting.CROP)).map(area -> new RandomCrop(area, showing));
    }

    /// Draws how a prepared picture is varied in one showing.
    Variation variation(Showing showing, int widthPixels, int heightPixels) {
        Affine affine = new Affine(
                drawn(Setting.ROTATION, "rotation", showing, 0),
                drawn(Setting.WIDTH_SHIFT, "width-shift", showing, 0) * widthPixels,
                drawn(Setting.HEIGHT_SHIFT, "height-shift", showing, 0) * heightPixels,
                drawn(Setting.SHEAR, "shear", showing, 0),
                drawn(Setting.ZOOM, "zoom.columns", showing, 1),
                drawn(Setting.ZOOM, "zoom.rows", showing, 1));
        return new Variation(
                affine,
                fill,
                new Mirror(happens(Setting.HORIZONTAL_FLIP, showing), happens(Setting.VERTICAL_FLIP, showing)),
                drawn(Setting.BRIGHTNESS, "brightness", showing, 1),
                drawn(Setting.CONTRAST, "contrast", showing, 1),
                drawn(Setting.SATURATION, "saturation", showing, 1),
                erased(showing, widthPixels, heightPixels));
    }

    private Optional<Region> erased(Showing showing, int widthPixels, int heightPixels) {
        return settings.containsKey(Setting.ERASE)
                ? RandomErase.box(showing.draw("erase"), most(Setting.ERASE), widthPixels, heightPixels)
                : Optional.empty();
    }

    /// Returns the greatest value of a setting; 0 when it is not set.
    double most(Setting setting) {
        Range range = settings.get(setting);
        return range == null ? 0 : range.high();
    }

    private double drawn(Setting setting, String purpose, Showing showing, double otherwise) {
        Range range = settings.get(setting);
        return range == null ? otherwise : range.drawn(showing.draw(purpose));
    }

    private boolean happens(Setting flip, Showing showing) {
        return settings.containsKey(flip) && showing.draw(flip.key).happens(most(flip));
    }

    /// Returns the SHA-256, in hex, of the canonical form; equal digests vary a picture equally.
    public String digest() {
        return HexFormat.of().formatHex(Draw.sha256("augmentation 1\n" + canonical + "\n"));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Augmentation that && that.canonical.equals(canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    /// Writes the canonical form: presets written out, keys in one order, numbers with the fewest decimals,
    /// nothing that changes nothing; `none` when nothing is left. [#parse(String)] reads it back.
    @Override
    public String toString() {
        return canonical;
    }
}
