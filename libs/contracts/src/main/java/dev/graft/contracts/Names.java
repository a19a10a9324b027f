package dev.graft.contracts;

/// The names that users give datasets and models.
public final class Names {
    static final String NAME = "[a-z0-9][a-z0-9._-]{0,62}";

    /// The form of a name, as a regular expression for a whole text.
    public static final String PATTERN = "^" + NAME + "$";

    /// The form of a name, or of an empty text.
    public static final String PATTERN_OR_EMPTY = "^(" + NAME + ")?$";

    /// What is wrong with a text of another form, as the end of a sentence.
    public static final String RULE =
            "must have 1 to 63 of a-z, 0-9, '.', '_' and '-', and begin with a letter or digit";

    private Names() {}
}
