package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads parts by their wire names.
public final class Splits {
    private Splits() {}

    /// Gives the part that a row names; absent for none.
    public static @Nullable Split ofRow(@Nullable String wireName) {
        return Stream.of(Split.values())
                .filter(split -> split.wireName().equals(wireName))
                .findFirst()
                .orElse(null);
    }
}
