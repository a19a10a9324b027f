package dev.graft.contracts;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names a version of a model: `NAME@VERSION`, such as `flowers@3`. The names of models and of weight sets
/// have no `@`.
///
/// @param model   the model's name
/// @param version its version, from 1
public record ModelVersionName(String model, int version) {
    /// The form, for people.
    public static final String FORM = "NAME@VERSION";

    private static final Pattern PATTERN = Pattern.compile("(" + Names.NAME + ")@([1-9][0-9]{0,8})");

    /// Returns whether a text can only be meant as the name of a version.
    public static boolean isMeantBy(String text) {
        return text.indexOf('@') >= 0;
    }

    /// Reads a name.
    ///
    /// @throws IllegalArgumentException when it has another form
    public static ModelVersionName parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not of the form %s".formatted(text, FORM));
        }
        return new ModelVersionName(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /// Returns what the keys of the version's bundle begin with.
    public String bundlePrefix() {
        return ObjectKeys.bundlePrefix(model, version);
    }

    @Override
    public String toString() {
        return model + "@" + version;
    }
}
