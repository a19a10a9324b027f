package dev.graft.ingest;

import dev.graft.messaging.Transactions;
import java.util.UUID;

/// Fills datasets with rows alone, as sending so many images would take too long.
public final class GeneratedRows {
    /// All of them in one statement would take longer than a statement of the service may.
    private static final int PER_STATEMENT = 20_000;

    private GeneratedRows() {}

    /// Adds images to a dataset. The statistics between the statements let the check of each foreign key use the index:
    /// its plan may be from when the table was small.
    ///
    /// @param label an expression of SQL over the image's number `n`
    /// @param split likewise
    public static void fill(Transactions transactions, String dataset, int images, String label, String split) {
        String run = UUID.randomUUID().toString();
        for (int first = 1; first <= images; first += PER_STATEMENT) {
            execute(transactions, """
                    insert into image (id, size_bytes, media_type, width_pixels, height_pixels)
                    select md5('%1$s' || n) || md5(n || '%1$s'), 1, 'image/png', 1, 1
                    from generate_series(%2$d, %3$d) n""".formatted(run, first, last(first, images)));
        }
        execute(transactions, "analyze image");
        for (int first = 1; first <= images; first += PER_STATEMENT) {
            execute(transactions, """
                    insert into dataset_image (dataset_id, image_id, label, split)
                    select d.id, md5('%1$s' || n) || md5(n || '%1$s'), %4$s, %5$s
                    from generate_series(%2$d, %3$d) n, dataset d
                    where d.name = '%6$s'""".formatted(run, first, last(first, images), label, split, dataset));
        }
        execute(transactions, "analyze dataset_image");
    }

    private static int last(int first, int images) {
        return Math.min(images, first + PER_STATEMENT - 1);
    }

    private static void execute(Transactions transactions, String sql) {
        transactions.call(session -> session.createNativeQuery(sql).executeUpdate());
    }
}
