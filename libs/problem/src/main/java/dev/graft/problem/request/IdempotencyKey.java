package dev.graft.problem.request;

/// The header that names a request, so that sent again it has no second effect. Resources declare their parameter with
/// `@Size(min = 1, max = MAX_LENGTH)`, which their documents show, and `@Pattern(regexp = NOT_BLANK, message = BLANK)`.
public final class IdempotencyKey {
    /// The header.
    public static final String HEADER = "Idempotency-Key";

    /// How long a key may be, in characters.
    public static final int MAX_LENGTH = 255;

    /// What a key matches that is more than white space.
    public static final String NOT_BLANK = "(?s).*\\S.*";

    /// What is wrong with one that does not.
    public static final String BLANK = "must not be blank";

    private IdempotencyKey() {}
}
