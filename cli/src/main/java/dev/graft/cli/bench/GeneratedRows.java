package dev.graft.cli.bench;

import dev.graft.cli.console.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Fills datasets of any size with rows alone, as importing so many files would take too long: images that have no
/// file, and embeddings that have no segment. It writes into the tables of two services as these would.
///
/// @param database        of a stack
/// @param inputSizePixels of the extractor whose embeddings there are; it must have been used before
record GeneratedRows(Connection database, int inputSizePixels) {
    private static final int PER_STATEMENT = 20_000;

    /// How many embeddings of images of this size the feature service writes into one segment.
    private static final int PER_SEGMENT = 256;

    private static final String NUMBERED = """
            (select encode(sha256(convert_to('%1$s/' || n, 'UTF8')), 'hex') as id, n
            from generate_series(%2$d, %3$d) n) image""";

    private static final String IMAGES = """
            insert into ingest.image (id, size_bytes, media_type, width_pixels, height_pixels)
            select id, 800, 'image/png', 16, 16 from\s""" + NUMBERED;

    private static final String MEMBERSHIPS = """
            insert into ingest.dataset_image (dataset_id, image_id, label, file_name)
            select d.id, image.id, 'label-' || n %% 10, 'label-' || n %% 10 || '/' || n || '.png'
            from ingest.dataset d,\s""" + NUMBERED + " where d.name = '%1$s'";

    private static final String SEGMENTS = """
            insert into feature.segment (id, extractor_id, object_key, images)
            select cast(md5('%1$s/' || s) as uuid), x.id,
                'embeddings/' || x.digest || '/' || cast(md5('%1$s/' || s) as uuid) || '.safetensors', %4$d
            from generate_series(%2$d / %4$d, %3$d / %4$d) s, feature.extractor x where x.input_size_pixels = %5$d
            on conflict do nothing""";

    private static final String EMBEDDINGS = """
            insert into feature.embedding (extractor_id, image_id, segment_id, row_number)
            select x.id, image.id, cast(md5('%1$s/' || n / %4$d) as uuid), n %% %4$d
            from feature.extractor x,\s""" + NUMBERED + " where x.input_size_pixels = %5$d";

    /// Gives a dataset that exists so many images, in ten classes. What the planner of PostgreSQL knows of the tables
    /// is brought up to date, as the database does by itself a minute later.
    void fill(String dataset, int images, Progress progress) throws SQLException {
        List<String> insertions = List.of(IMAGES, MEMBERSHIPS, SEGMENTS, EMBEDDINGS);
        try (Statement statement = database.createStatement()) {
            statement.execute("set synchronous_commit = off");
            for (int table = 0; table < insertions.size(); table++) {
                for (int first = 1; first <= images; first += PER_STATEMENT) {
                    int last = Math.min(images, first + PER_STATEMENT - 1);
                    statement.execute(
                            insertions.get(table).formatted(dataset, first, last, PER_SEGMENT, inputSizePixels));
                    progress.update(
                            (long) table * images + last, (long) insertions.size() * images, "rows in the database");
                }
                statement.execute("analyze");
            }
        }
    }
}
