package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Describes a model.
///
/// @param versions     how many versions there are
/// @param newest       the newest of them
/// @param production   the version in production
/// @param testAccuracy of the version in production
@Schema(examples = """
        {"name": "flowers", "versions": 2, "newest": 2, "production": 2, "testAccuracy": 0.96}""")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelView(
        String name,
        long versions,
        int newest,
        @Nullable Integer production,
        @Nullable Double testAccuracy) {}
