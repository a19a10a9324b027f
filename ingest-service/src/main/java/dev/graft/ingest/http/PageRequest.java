package dev.graft.ingest.http;

/// Says which page of a list is wanted.
///
/// @param limit greatest number of items, 1 to [#MAX_LIMIT]
/// @param after what the items are behind in the list's order
public record PageRequest<C>(int limit, C after) {
    /// The most items of a page.
    public static final int MAX_LIMIT = 1_000;

    /// The items of a page when nothing is said.
    public static final String DEFAULT_LIMIT = "100";

    /// Describes the parameter `limit`.
    public static final String LIMIT = "How many items at most";

    /// Describes the parameter `after`.
    public static final String AFTER = "The `next` of the page before; absent for the first page";

    /// Gives how many items to look for: one more shows whether there is a next page.
    public int lookAhead() {
        return limit + 1;
    }
}
