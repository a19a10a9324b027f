package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Some of the dead letters.
///
/// @param next what `after` must be for those that follow; absent when these are the last
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "DeadLetterPage",
        description = "Dead letters by topic and partition, and in each the newest first.",
        examples = """
                {"deadLetters": [{"id": "predictions.requested.v1-0-17", "kind": "unreadable",
                "time": "2026-03-01T09:30:00Z", "topic": "predictions.requested.v1", "partition": 0,
                "offset": 4711, "consumer": "answer-prediction-requests",
                "reason": "the record lacks the header ce_id", "attempts": 1, "key": "order-4711",
                "sizeBytes": 8, "cut": false}], "next": "predictions.requested.v1-0-17"}""")
public record DeadLetterPage(
        @Schema(description = "The dead letters of this page.")
        List<DeadLetterView> deadLetters,

        @Schema(description = "The value of after for the next page; absent on the last page.") @Nullable
        String next) {
    public DeadLetterPage {
        deadLetters = List.copyOf(deadLetters);
    }
}
