package dev.graft.ingest.dataset;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts pictures by label and by part.
public final class Census {
    private static final Comparator<String> PART_ORDER = Comparator.comparingInt(part -> switch (part) {
        case "train" -> 0;
        case "val" -> 1;
        default -> 2;
    });

    private final Map<String, Long> classes = new TreeMap<>();
    private final Map<String, Long> splits = new TreeMap<>(PART_ORDER);
    private long images;

    /// Adds pictures of one label in one part; `split` is absent for pictures in none.
    public void add(String label, @Nullable String split, long count) {
        images += count;
        classes.merge(label, count, Long::sum);
        if (split != null) {
            splits.merge(split, count, Long::sum);
        }
    }

    /// Gives how many there are.
    public long images() {
        return images;
    }

    /// Gives how many of each label there are, by label.
    public Map<String, Long> classes() {
        return classes;
    }

    /// Gives how many are in each part, in the order train, val, test.
    public Map<String, Long> splits() {
        return splits;
    }
}
