package dev.graft.ingest.membership;

import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.dataset.Image;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.dataset.Membership;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Outbox;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads and changes which labels the images of a dataset have. Every method works in the caller's transaction.
@Singleton
public class Memberships {

    private final Outbox outbox;

    Memberships(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Describes one image.
    ///
    /// @throws ProblemException (by the result) when the dataset does not have it
    public Uni<DatasetImageView> get(Mutiny.Session session, Dataset dataset, String imageId) {
        return session.find(Membership.class, new Membership.Key(dataset.id(), imageId))
                .onItem()
                .ifNull()
                .failWith(() -> absent(dataset, imageId))
                .chain(membership -> session.fetch(membership.image()).map(image -> view(dataset, membership, image)));
    }

    /// Describes the images of a page, by id.
    ///
    /// @param label only these; empty for all
    /// @param split only these; absent for all
    Uni<PageView<DatasetImageView>> list(
            Mutiny.Session session, Dataset dataset, String label, @Nullable Split split, PageRequest<String> page) {
        String hql = "from Membership m where m.datasetId = :dataset and m.imageId > :after"
                + (label.isEmpty() ? "" : " and m.label = :label")
                + (split == null ? "" : " and m.split = :split")
                + " order by m.imageId";
        Mutiny.SelectionQuery<Membership> query = session.createSelectionQuery(hql, Membership.class)
                .setParameter("dataset", dataset.id())
                .setParameter("after", page.after());
        if (!label.isEmpty()) {
            query.setParameter("label", Labels.composed(label));
        }
        if (split != null) {
            query.setParameter("split", split);
        }
        return query.setMaxResults(page.lookAhead())
                .getResultList()
                .chain(found -> views(session, dataset, found))
                .map(views -> PageView.of(views, page, DatasetImageView::id));
    }

    /// Finds the images in a statement of their own. Joined to memberships, they may be read from the first of all to
    /// the page's: the planner does not know that a page lies far behind.
    private static Uni<List<DatasetImageView>> views(
            Mutiny.Session session, Dataset dataset, List<Membership> memberships) {
        if (memberships.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Object[] ids = memberships.stream().map(Membership::imageId).toArray();
        return session.find(Image.class, ids)
                .map(images -> IntStream.range(0, ids.length)
                        .mapToObj(at -> view(dataset, memberships.get(at), images.get(at)))
                        .toList());
    }

    /// Gives an image another label, and publishes it when that changed something.
    ///
    /// @throws ProblemException (by the result) when the dataset does not have the image
    Uni<DatasetImageView> label(Mutiny.Session session, Dataset dataset, String imageId, LabelRequest request) {
        return session.find(Membership.class, new Membership.Key(dataset.id(), imageId), LockMode.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(() -> absent(dataset, imageId))
                .call(membership -> membership.relabel(request.label(), request.split())
                        ? outbox.append(
                                session,
                                new ImageLabelled(dataset.name(), imageId, membership.label(), membership.split()))
                        : Uni.createFrom().voidItem())
                .chain(membership -> session.fetch(membership.image()).map(image -> view(dataset, membership, image)));
    }

    private static ProblemException absent(Dataset dataset, String imageId) {
        return new ProblemException(
                ProblemType.IMAGE_NOT_FOUND, "The dataset %s has no picture %s.".formatted(dataset.name(), imageId));
    }

    private static DatasetImageView view(Dataset dataset, Membership membership, Image image) {
        Split split = membership.split();
        return new DatasetImageView(
                image.id(),
                dataset.name(),
                membership.label(),
                split == null ? null : split.wireName(),
                membership.fileName(),
                image.mediaType(),
                image.sizeBytes(),
                image.widthPixels(),
                image.heightPixels(),
                membership.addedAt());
    }
}
