package dev.graft.cli.session;

import java.util.Optional;

/// A command some of whose options have other names than the fields of the request that they go to.
public interface FieldOptions {
    /// Finds the option of a field.
    ///
    /// @param pointer JSON pointer into the body of the request that this command has sent
    /// @return empty where the option has the field's name
    Optional<String> optionOf(String pointer);
}
