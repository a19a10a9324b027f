package dev.graft.stack;

/// How a part of a stack is doing at this moment.
///
/// @param part      as the supervisor knows it
/// @param condition what was found when it was asked
/// @param detail    what is wrong, in a few words; empty when nothing is
public record PartHealth(StackState.Part part, Condition condition, String detail) {
    /// The conditions of a part.
    public enum Condition {
        /// It answers, and can do its work.
        READY,
        /// It is being started.
        STARTING,
        /// It ended by itself and is being started again.
        RESTARTING,
        /// It answers, and cannot do its work now.
        NOT_READY,
        /// It says that only a new start can help it.
        NOT_ALIVE,
        /// It runs and does not answer.
        SILENT,
        /// It was ended.
        STOPPED;

        /// Gives the condition in words.
        public String words() {
            return switch (this) {
                case READY -> "ready";
                case STARTING -> "starting";
                case RESTARTING -> "restarting";
                case NOT_READY -> "not ready";
                case NOT_ALIVE -> "not alive";
                case SILENT -> "not answering";
                case STOPPED -> "stopped";
            };
        }
    }

    /// Returns whether it can do its work.
    public boolean isReady() {
        return condition == Condition.READY;
    }
}
