package dev.graft.networks.architecture;

import dev.graft.networks.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Architectures of one design, built by name.
///
/// @param names timm's names
/// @param build builds the architecture of one of these names, at its default input size
record Family(List<String> names, Function<String, Network> build) {
    /// Number of classes of ImageNet-1k, which every classifier distinguishes.
    static final int CLASSES = 1000;

    /// Copies the names.
    Family {
        names = List.copyOf(names);
    }

    /// Makes the family of a table whose rows are its members.
    ///
    /// @param rows the table
    /// @param name gives the name of a row
    /// @param build builds a row's architecture
    static <T> Family of(List<T> rows, Function<T, String> name, Function<T, Network> build) {
        Map<String, T> members = new LinkedHashMap<>();
        rows.forEach(row -> members.put(name.apply(row), row));
        return new Family(List.copyOf(members.keySet()), wanted -> build.apply(members.get(wanted)));
    }
}
