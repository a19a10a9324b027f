package dev.graft.feature.queue;

/// Gives tests outside this package the statements that claim images.
public final class QueueStatements {
    private QueueStatements() {}

    /// Returns the statement that finds whose turn it is.
    public static String nextSource() {
        return QueueSql.NEXT_SOURCE;
    }

    /// Returns the statement that claims images in advance.
    public static String claimInAdvance() {
        return QueueSql.CLAIM_IN_ADVANCE;
    }

    /// Returns the statement that claims images that came alone.
    public static String claimUrgent() {
        return QueueSql.CLAIM_URGENT;
    }

    /// Returns the statement that finds claims whose images nobody wants.
    public static String unwanted() {
        return QueueSql.UNWANTED;
    }

    /// Returns the statement that claims images at which an attempt broke off.
    public static String claimSuspect() {
        return QueueSql.CLAIM_SUSPECT;
    }
}
