package dev.graft.ingest.archive;

import dev.graft.contracts.Split;
import org.jspecify.annotations.Nullable;

/// Says what a file's place in an archive means.
public sealed interface Placement {

    /// It is an image of a class.
    ///
    /// @param split absent when the archive has no splits of its own
    record Labelled(String label, @Nullable Split split) implements Placement {}

    /// Its place gives it no label.
    ///
    /// @param detail what is wrong and where the file belongs, for users
    record Misplaced(String detail) implements Placement {}

    /// The name of its class cannot be read.
    ///
    /// @param detail why, and what to do, for users
    record Unnamed(String detail) implements Placement {}

    /// Its path is absolute or points upwards: nobody makes such an archive with good intent.
    record Unsafe(String detail) implements Placement {}
}
