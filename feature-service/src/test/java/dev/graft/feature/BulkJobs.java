package dev.graft.feature;

import dev.graft.contracts.Sha256;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// Opens jobs of 100,000 images, as planning leaves them; `-Dgraft.scale.images=700000` makes them larger. The rows
/// come over JDBC, some thousand in a transaction: all of them in one would take longer than a statement of the service
/// may.
@Singleton
class BulkJobs {
    static final int IMAGES = Integer.getInteger("graft.scale.images", 100_000);

    private static final int PER_TRANSACTION = 5_000;

    private final DataSource database;

    BulkJobs(DataSource database) {
        this.database = database;
    }

    static String newId() {
        return "bulk-" + UUID.randomUUID();
    }

    /// Gives the ids of a job's first images, in the job's order.
    static List<String> firstImageIds(String jobId, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> Sha256.of((jobId + number).getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    /// Empties the queue.
    void clear() throws SQLException {
        execute("truncate pending, job_missing", "delete from image_turn where source <> '*'");
    }

    /// Empties the queue but for a job's images, and lets no source have had a turn.
    void clearAllBut(String jobId) throws SQLException {
        execute(
                "delete from job_missing where job_id <> '%s'".formatted(jobId),
                """
                delete from pending p where not exists (
                    select from job_missing m where m.extractor_id = p.extractor_id and m.image_id = p.image_id)""",
                "delete from image_turn where source not in ('*', '%s')".formatted(jobId),
                "update image_turn set taken = '-infinity'");
    }

    /// Opens a job whose every image is queued.
    void open(String jobId, int extractorId) throws SQLException {
        execute("""
                insert into job (id, manifest_key, precision, extractor_id, state, total, planned, started_at, announced_at)
                values ('%s', 'manifests/bulk', 'F32', %d, 'RUNNING', %d, %d, now(), now())""".formatted(jobId, extractorId, IMAGES, IMAGES));
        for (int first = 1; first <= IMAGES; first += PER_TRANSACTION) {
            execute("""
                    with image as (
                        select encode(sha256(convert_to('%1$s' || number, 'UTF8')), 'hex') as id
                        from generate_series(%3$d, %4$d) number
                    ), missing as (
                        insert into job_missing (job_id, extractor_id, image_id) select '%1$s', %2$d, id from image
                    )
                    insert into pending (extractor_id, image_id) select %2$d, id from image""".formatted(jobId, extractorId, first, first + PER_TRANSACTION - 1));
        }
        execute("analyze pending", "analyze job_missing");
        execute(
                "insert into durable_job (id, kind, owner, due_at) values ('%1$s', 'embedding', '%1$s', 'infinity')"
                        .formatted(jobId),
                "insert into image_turn (source) values ('%s')".formatted(jobId));
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local search_path = feature");
            statement.execute("set local synchronous_commit = off");
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }
}
