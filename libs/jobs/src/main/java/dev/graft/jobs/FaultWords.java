package dev.graft.jobs;

/// What an unforeseen fault is called where users read it: without names of classes.
public final class FaultWords {
    private FaultWords() {}

    /// Returns words that follow "by".
    public static String of(Throwable fault) {
        return switch (fault) {
            case OutOfMemoryError _ -> "want of memory";
            case StackOverflowError _ -> "an input nested too deep";
            case LinkageError _ -> "a missing part of the program";
            default -> "an error that nobody foresaw";
        };
    }
}
