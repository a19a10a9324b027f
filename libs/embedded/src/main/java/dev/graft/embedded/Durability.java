package dev.graft.embedded;

/// What an embedded server promises when it says that something is kept.
public enum Durability {
    /// It survives the machine's fall: it is on the disk.
    FULL,
    /// It survives the process's fall only; for tests that throw the data away.
    PROCESS
}
