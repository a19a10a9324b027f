package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts images by label and by split.
public final class Census {
    private final Map<String, Long> classes = new TreeMap<>();
    private final Map<Split, Long> splits = new EnumMap<>(Split.class);
    private long images;

    /// Adds images of one label in one split; `split` is absent for images in none.
    public void add(String label, @Nullable Split split, long count) {
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

    /// Gives how many are in each split, by its wire name, in the order train, val, test.
    public Map<String, Long> splits() {
        Map<String, Long> named = new LinkedHashMap<>();
        splits.forEach((split, count) -> named.put(split.wireName(), count));
        return named;
    }
}
