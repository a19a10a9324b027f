package dev.graft.cli.bench;

import dev.graft.stack.ActionableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Waits for work that services do after a request, which only the rows of their durable jobs show. It takes seconds
/// for a million images; what has not ended after an hour is given up.
record BackgroundJobs(Connection database) {
    private static final long POLL_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final String NEWEST = """
            select state, finished_at is not null, extract(epoch from finished_at - queued_at)
            from %s.durable_job where kind = ? order by position desc limit 1""";

    /// Waits until the removal of the dataset that was deleted last is done.
    ///
    /// @return how long it took
    double secondsOfRemoval() throws SQLException, InterruptedException {
        return seconds("ingest", "dataset-deletion");
    }

    /// Waits until what the job waited for that was cancelled last is forgotten.
    ///
    /// @return how long it took
    double secondsOfForgetting() throws SQLException, InterruptedException {
        return seconds("feature", "embedding-forgetting");
    }

    private double seconds(String schema, String kind) throws SQLException, InterruptedException {
        try (PreparedStatement newest = database.prepareStatement(NEWEST.formatted(schema))) {
            newest.setString(1, kind);
            for (long began = System.nanoTime(); System.nanoTime() - began < PATIENCE.toNanos(); ) {
                try (ResultSet job = newest.executeQuery()) {
                    if (job.next() && job.getBoolean(2)) {
                        return seconds(kind, job);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        throw new ActionableException(
                "A job of the kind %s has not ended after %d minutes.".formatted(kind, PATIENCE.toMinutes()),
                "The logs of the services say more: see them while this runs.");
    }

    private static double seconds(String kind, ResultSet job) throws SQLException {
        if (!job.getString(1).equals("SUCCEEDED")) {
            throw new ActionableException(
                    "A job of the kind %s ended without success.".formatted(kind),
                    "The logs of the services say more: see them while this runs.");
        }
        return job.getDouble(3);
    }
}
