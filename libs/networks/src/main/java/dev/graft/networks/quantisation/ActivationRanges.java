package dev.graft.networks.quantisation;

import dev.graft.networks.Digests;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The ranges of a network's values with a set of weights, as they were found in images. Their text is what is
/// kept beside the weights; the same text means the same eight-bit network everywhere.
///
/// @param backbone name of the weight set
/// @param weightsSha256 digest of the file of weights, lower-case hex
/// @param preprocessingDigest digest of the recipe by which the images became inputs, lower-case hex
/// @param source which images the ranges were found in, in words
/// @param images how many images they were
/// @param rule how the ranges follow from the images, in words
/// @param values the range of each value, by the name of the step that gives it, in the network's order
public record ActivationRanges(
        String backbone,
        String weightsSha256,
        String preprocessingDigest,
        String source,
        int images,
        String rule,
        SequencedMap<String, Range> values) {
    /// Most characters of a text that [#parse] takes.
    public static final int MAX_CHARACTERS = 1 << 20;

    private static final List<String> HEADER =
            List.of("int8 ranges", "backbone", "weights", "preprocessing", "source", "pictures", "rule", "tensor");
    private static final String VERSION = "1";
    private static final String COLUMNS = "minimum\tmaximum";

    /// Checks the digests and copies the ranges.
    public ActivationRanges {
        Digests.requireSha256(weightsSha256);
        Digests.requireSha256(preprocessingDigest);
        if (images < 1 || values.isEmpty()) {
            throw new IllegalArgumentException("ranges of %d values in %d pictures".formatted(values.size(), images));
        }
        if (Stream.concat(Stream.of(backbone, source, rule), values.keySet().stream())
                .anyMatch(text -> text.isBlank() || text.chars().anyMatch(Character::isISOControl))) {
            throw new IllegalArgumentException("names, source and rule must be words on one line");
        }
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    /// Returns the range of a value.
    ///
    /// @throws IllegalArgumentException when there is none
    public Range of(String value) {
        Range range = values.get(value);
        if (range == null) {
            throw new IllegalArgumentException("the int8 ranges of %s have none for %s".formatted(backbone, value));
        }
        return range;
    }

    /// Returns the text that [#parse] reads.
    public String toText() {
        StringBuilder text = new StringBuilder();
        List<String> contents = List.of(
                VERSION, backbone, weightsSha256, preprocessingDigest, source, String.valueOf(images), rule, COLUMNS);
        for (int i = 0; i < HEADER.size(); i++) {
            line(text, HEADER.get(i), contents.get(i));
        }
        values.forEach((name, range) -> line(text, name, range.minimum() + "\t" + range.maximum()));
        return text.toString();
    }

    /// Returns the SHA-256 of the text in lower-case hex.
    public String digest() {
        return Digests.sha256(toText());
    }

    /// Reads the text of ranges.
    ///
    /// @throws IllegalArgumentException when it is not such a text; the message names the line
    public static ActivationRanges parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("int8 ranges of %,d characters are too long".formatted(text.length()));
        }
        List<String> lines = text.lines().toList();
        String[] contents = new String[HEADER.size()];
        for (int i = 0; i < contents.length; i++) {
            contents[i] = content(lines, i);
        }
        if (!contents[0].equals(VERSION)) {
            throw malformed(0, "version " + contents[0] + " is not known");
        }
        SequencedMap<String, Range> values = new LinkedHashMap<>();
        for (int i = HEADER.size(); i < lines.size(); i++) {
            String[] columns = lines.get(i).split("\t", -1);
            if (columns.length != 3 || columns[0].isBlank()) {
                throw malformed(i, "a tensor, its minimum and its maximum are wanted");
            }
            if (values.put(columns[0], range(i, columns)) != null) {
                throw malformed(i, columns[0] + " stands there twice");
            }
        }
        try {
            return new ActivationRanges(
                    contents[1], contents[2], contents[3], contents[4], images(contents[5]), contents[6], values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("these are no int8 ranges: " + e.getMessage(), e);
        }
    }

    private static String content(List<String> lines, int index) {
        String prefix = HEADER.get(index) + "\t";
        if (index >= lines.size() || !lines.get(index).startsWith(prefix)) {
            throw malformed(index, "'" + HEADER.get(index) + "' and its content are wanted");
        }
        return lines.get(index).substring(prefix.length());
    }

    private static Range range(int index, String[] columns) {
        try {
            return new Range(Float.parseFloat(columns[1]), Float.parseFloat(columns[2]));
        } catch (IllegalArgumentException e) {
            throw malformed(index, columns[1] + " to " + columns[2] + " is no range");
        }
    }

    private static int images(String content) {
        try {
            return Integer.parseInt(content);
        } catch (NumberFormatException e) {
            throw malformed(HEADER.indexOf("pictures"), content + " is no number of pictures");
        }
    }

    private static IllegalArgumentException malformed(int index, String reason) {
        return new IllegalArgumentException("line %d of the int8 ranges: %s".formatted(index + 1, reason));
    }

    private static void line(StringBuilder text, String key, String content) {
        text.append(key).append('\t').append(content).append('\n');
    }
}
