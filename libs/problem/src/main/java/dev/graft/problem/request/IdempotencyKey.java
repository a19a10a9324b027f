package dev.graft.problem.request;

/// The header that names a request, so that sent again it has no second effect. Resources declare their parameter
/// with `@Size(max = MAX_LENGTH, message = TOO_LONG)`, which their documents show. A header without a value, or
/// of blanks, which HTTP takes off, counts as absent.
public final class IdempotencyKey {
    /// The header.
    public static final String HEADER = "Idempotency-Key";

    /// How long a key may be, in characters.
    public static final int MAX_LENGTH = 255;

    /// What is wrong with a longer one, as the end of a sentence.
    public static final String TOO_LONG = "must have at most " + MAX_LENGTH + " characters";

    private IdempotencyKey() {}
}
