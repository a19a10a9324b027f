package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Some of the dead letters.
///
/// @param next what `after` must be for those that follow; absent when these are the last
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DeadLetterPage", description = "Dead letters by topic and partition, and in each the newest first.")
public record DeadLetterPage(
        @Schema(description = "The dead letters of this page.")
        List<DeadLetterView> deadLetters,

        @Schema(description = "The value of after for the next page; absent on the last page.") @Nullable
        String next) {
    public DeadLetterPage {
        deadLetters = List.copyOf(deadLetters);
    }
}
