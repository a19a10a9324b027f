package dev.graft.cli.session;

/// Makes a session of the global options; the root of the commands does.
@FunctionalInterface
public interface SessionSource {
    /// Returns what the command that the user named works with.
    Session session();
}
