package dev.graft.ingest.membership;

import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.dataset.Splits;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Outbox;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads and changes which labels the pictures of a dataset have. Every method works in the caller's transaction.
@Singleton
public class Memberships {
    private static final String SELECT = """
            select i.id, m.label, m.split, m.file_name, i.media_type, i.size_bytes, i.width_pixels, i.height_pixels,
                m.added_at
            from dataset_image m join image i on i.id = m.image_id
            where m.dataset_id = :dataset""";

    private final Outbox outbox;

    Memberships(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Describes one picture.
    ///
    /// @throws ProblemException (by the result) when the dataset does not have it
    public Uni<DatasetImageView> get(Mutiny.Session session, Dataset dataset, String imageId) {
        return session.createNativeQuery(SELECT + " and m.image_id = :image", Object[].class)
                .setParameter("dataset", dataset.id())
                .setParameter("image", imageId)
                .getResultList()
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new ProblemException(
                                ProblemType.IMAGE_NOT_FOUND,
                                "The dataset %s has no picture %s.".formatted(dataset.name(), imageId));
                    }
                    return view(dataset, rows.getFirst());
                });
    }

    /// Describes the pictures of a page, by id.
    ///
    /// @param label only these; empty for all
    /// @param split only these; absent for all
    Uni<PageView<DatasetImageView>> list(
            Mutiny.Session session, Dataset dataset, String label, @Nullable Split split, PageRequest page) {
        String sql = SELECT + " and m.image_id > :after"
                + (label.isEmpty() ? "" : " and m.label = :label")
                + (split == null ? "" : " and m.split = :split")
                + " order by m.image_id";
        Mutiny.SelectionQuery<Object[]> query = session.createNativeQuery(sql, Object[].class)
                .setParameter("dataset", dataset.id())
                .setParameter("after", page.after());
        if (!label.isEmpty()) {
            query.setParameter("label", Labels.composed(label));
        }
        if (split != null) {
            query.setParameter("split", split.wireName());
        }
        return query.setMaxResults(page.lookAhead())
                .getResultList()
                .map(rows -> rows.stream().map(row -> view(dataset, row)).toList())
                .map(views -> PageView.of(views, page, DatasetImageView::id));
    }

    /// Gives a picture another label, and tells it when that changed something.
    ///
    /// @throws ProblemException (by the result) when the dataset does not have the picture
    Uni<DatasetImageView> label(Mutiny.Session session, Dataset dataset, String imageId, LabelRequest request) {
        Split split = request.split();
        String part = split == null ? "split" : "'" + split.wireName() + "'";
        return session.createNativeQuery("""
                        update dataset_image set label = :label, split = %1$s
                        where dataset_id = :dataset and image_id = :image
                            and (label <> :label or split is distinct from %1$s)""".formatted(part))
                .setParameter("label", request.label())
                .setParameter("dataset", dataset.id())
                .setParameter("image", imageId)
                .executeUpdate()
                .chain(changed -> get(session, dataset, imageId)
                        .call(view -> changed == 0
                                ? Uni.createFrom().voidItem()
                                : outbox.append(
                                        session,
                                        new ImageLabelled(
                                                dataset.name(), imageId, view.label(), Splits.ofRow(view.split())))));
    }

    private static DatasetImageView view(Dataset dataset, Object[] row) {
        return new DatasetImageView(
                (String) row[0],
                dataset.name(),
                (String) row[1],
                (String) row[2],
                (String) row[3],
                (String) row[4],
                ((Number) row[5]).longValue(),
                ((Number) row[6]).intValue(),
                ((Number) row[7]).intValue(),
                ((OffsetDateTime) row[8]).toInstant());
    }
}
