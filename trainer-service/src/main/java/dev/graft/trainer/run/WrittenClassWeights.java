package dev.graft.trainer.run;

import dev.graft.trainer.dataset.Composition;
import dev.graft.trainer.head.ClassWeights;
import java.text.Normalizer;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How much classes count, as it is written: `none`, `balanced`, or `LABEL=W,LABEL=W,…`, where a class that is not
/// named counts 1. Immutable.
///
/// @param balanced whether every class counts as much as every other
/// @param byLabel  weights of the classes that are named
record WrittenClassWeights(boolean balanced, SortedMap<String, Double> byLabel) {
    /// How they are written.
    static final String PATTERN = "^(none|balanced|.+=.+)$";

    static final double MIN_WEIGHT = 1e-3;
    static final double MAX_WEIGHT = 1e3;

    /// A label may hold a comma, or an equals sign: it ends where a number follows.
    private static final Pattern WEIGHT = Pattern.compile("\\G(?<label>.+?)=(?<weight>[0-9.eE+-]+)(?:,|$)");

    private static final String NONE = "none";
    private static final String BALANCED = "balanced";

    WrittenClassWeights {
        byLabel = Collections.unmodifiableSortedMap(new TreeMap<>(byLabel));
    }

    /// Reads what is written; [#toString] gives it back, in the order of the labels.
    ///
    /// @throws IllegalArgumentException with what is wrong, for a person
    static WrittenClassWeights parse(String written) {
        if (written.equals(NONE) || written.equals(BALANCED)) {
            return new WrittenClassWeights(written.equals(BALANCED), new TreeMap<>());
        }
        SortedMap<String, Double> byLabel = new TreeMap<>();
        Matcher matcher = WEIGHT.matcher(written);
        int end = 0;
        while (matcher.find()) {
            end = matcher.end();
            // As labels are in a dataset, whatever the system that wrote them.
            String label = Normalizer.normalize(matcher.group("label"), Normalizer.Form.NFC);
            if (byLabel.put(label, weight(label, matcher.group("weight"))) != null) {
                throw new IllegalArgumentException("the class %s is given two weights".formatted(label));
            }
        }
        if (byLabel.isEmpty() || end != written.length() || written.endsWith(",")) {
            throw new IllegalArgumentException(
                    "classWeights is balanced, none, or LABEL=W,LABEL=W, not '%s'".formatted(written));
        }
        return new WrittenClassWeights(false, byLabel);
    }

    private static double weight(String label, String number) {
        double weight;
        try {
            weight = Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the weight of %s is no number: '%s'".formatted(label, number), e);
        }
        if (!(weight >= MIN_WEIGHT && weight <= MAX_WEIGHT)) {
            throw new IllegalArgumentException(
                    "the weight of %s is %s to %s, not %s".formatted(label, MIN_WEIGHT, MAX_WEIGHT, number));
        }
        return weight;
    }

    /// Checks that a dataset has the classes that are named.
    ///
    /// @param labels of its classes
    /// @throws IllegalArgumentException with the first one that it does not have, and those that it has
    void requireAmong(List<String> labels) {
        byLabel.keySet().stream()
                .filter(label -> !labels.contains(label))
                .findFirst()
                .ifPresent(label -> {
                    throw new IllegalArgumentException(
                            "the dataset has no class %s, but %s".formatted(label, Composition.named(labels)));
                });
    }

    /// Gives the weights of the classes that are learned. A class of which no image could be read is not among them,
    /// and
    /// its weight serves nothing.
    ///
    /// @param labels of the classes, in order
    ClassWeights of(List<String> labels) {
        if (byLabel.isEmpty()) {
            return balanced ? new ClassWeights.Balanced() : new ClassWeights.Equal();
        }
        return new ClassWeights.Given(
                labels.stream().map(label -> byLabel.getOrDefault(label, 1.0)).toList());
    }

    @Override
    public String toString() {
        if (byLabel.isEmpty()) {
            return balanced ? BALANCED : NONE;
        }
        return byLabel.entrySet().stream()
                .map(weight -> weight.getKey() + "=" + weight.getValue())
                .collect(Collectors.joining(","));
    }
}
