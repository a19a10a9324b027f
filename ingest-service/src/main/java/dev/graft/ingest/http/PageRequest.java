package dev.graft.ingest.http;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/// Says which page of a list is wanted.
///
/// @param limit greatest number of items
/// @param after the cursor of the item before the first; empty for the list's begin
public record PageRequest(
        @Parameter(
                description = "How many items at most",
                schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "100"))
        @QueryParam("limit")
        @DefaultValue("100")
        int limit,

        @Parameter(description = "The `next` of the page before; absent for the first page")
        @QueryParam("after")
        @DefaultValue("")
        String after) {
    private static final int MAX_LIMIT = 1_000;

    /// Gives the greatest number of items. (Checked here, because what a constructor throws does not reach the
    /// client.)
    ///
    /// @throws ProblemException when it is not 1 to 1,000
    @Override
    public int limit() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "limit must be 1 to %d.".formatted(MAX_LIMIT), "limit");
        }
        return limit;
    }

    /// Gives how many items to look for: one more shows whether there is a next page.
    public int lookAhead() {
        return limit() + 1;
    }

    /// Reads the cursor of a list that is ordered by a number.
    ///
    /// @throws ProblemException when it is none
    public long afterNumber() {
        try {
            return after.isEmpty() ? 0 : Long.parseLong(after);
        } catch (NumberFormatException malformed) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "after is not a cursor of this list.", "after");
        }
    }
}
