package dev.graft.ingest.dataset;

import dev.graft.contracts.Names;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Asks for a dataset.
///
/// @param name 1 to 63 of `a-z`, `0-9`, `.`, `_` and `-`, the first a letter or digit
public record DatasetRequest(
        @Schema(examples = "flowers") @NotNull @Pattern(regexp = Names.PATTERN, message = Names.RULE)
        String name) {}
