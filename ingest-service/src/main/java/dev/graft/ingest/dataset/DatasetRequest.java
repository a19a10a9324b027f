package dev.graft.ingest.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;

/// Asks for a dataset.
///
/// @param name 1 to 63 of `a-z`, `0-9`, `.`, `_` and `-`, the first a letter or digit
public record DatasetRequest(@JsonProperty(required = true) String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /// @throws IllegalArgumentException when the name is not allowed
    public DatasetRequest {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A dataset's name has 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.");
        }
    }
}
