package dev.graft.feature.extractor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.messaging.Transactions;
import dev.graft.networks.Backbone;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.UnusableChoiceException;
import dev.graft.weightstore.WeightStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/// Finds out which extractor a choice means, and gives each extractor its number. Safe for many threads;
/// methods that meet an extractor for the first time block on the database.
@ApplicationScoped
public class Extractors {
    /// More than anybody uses at a time; one that is not remembered is read again.
    private static final int MAX_REMEMBERED = 1_000;

    private final WeightStore weights;
    private final ExtractorOpener opener;
    private final ExtractorRecords records;
    private final Transactions transactions;
    private final Cache<ExtractorChoice, KnownExtractor> byChoice =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
    private final Cache<Integer, KnownExtractor> byId =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    Extractors(WeightStore weights, ExtractorOpener opener, ExtractorRecords records, Transactions transactions) {
        this.weights = weights;
        this.opener = opener;
        this.records = records;
        this.transactions = transactions;
    }

    /// Finds weights by their name. Blocks on object storage when they are not known to be there.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, which says what there is instead
    public Backbone backbone(String name) {
        try {
            return weights.named(name);
        } catch (UnusableChoiceException e) {
            throw new ProblemException(ProblemType.BACKBONE_NOT_FOUND, e.detail(), "backbone");
        }
    }

    /// Finds the extractor that a choice means.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, `WEIGHTS_ABSENT`, `LAYER_NOT_FOUND` or
    ///     `SETTING_UNSUPPORTED`, each of which says what there is instead
    public KnownExtractor resolve(ExtractorChoice choice) {
        KnownExtractor found = byChoice.getIfPresent(choice);
        if (found != null) {
            return found;
        }
        ChosenExtractor chosen = identify(choice);
        KnownExtractor registered = transactions.call(session -> records.register(session, chosen));
        if (isSettled(choice, registered)) {
            byChoice.put(choice, registered);
        }
        byId.put(registered.id(), registered);
        return registered;
    }

    /// Returns whether a choice always means the same extractor: an architecture's name alone may mean other
    /// weights once some are brought, int8 other ranges once some are made. A layer is remembered by its
    /// canonical name only.
    private static boolean isSettled(ExtractorChoice choice, KnownExtractor registered) {
        boolean named = choice.backbone() == null || choice.backbone().equals(registered.backbone());
        boolean canonical = choice.layer() == null || choice.layer().equals(registered.layer());
        return named && canonical && choice.precision() == Precision.F32;
    }

    /// Finds the extractor that is meant when nothing is chosen, within the caller's transaction; without blocking, for
    /// its weights come with the service.
    public Uni<KnownExtractor> resolveDefault(Mutiny.Session session) {
        ExtractorChoice choice = ExtractorChoice.defaults();
        KnownExtractor found = byChoice.getIfPresent(choice);
        // Nothing is remembered here: the transaction may yet be rolled back, and the number with it.
        return found != null ? Uni.createFrom().item(found) : records.register(session, identify(choice));
    }

    /// Gives the extractor with a number that this service once gave. Blocks when it is not remembered.
    public KnownExtractor get(int id) {
        KnownExtractor found = byId.getIfPresent(id);
        return found != null ? found : transactions.call(session -> get(session, id));
    }

    /// Gives the extractor with a number that this service once gave, within the caller's transaction.
    public Uni<KnownExtractor> get(Mutiny.Session session, int id) {
        KnownExtractor found = byId.getIfPresent(id);
        return found != null
                ? Uni.createFrom().item(found)
                : records.get(session, id).invoke(read -> byId.put(id, read));
    }

    /// Finds the extractor, and keeps its int8 ranges: images may be computed when others are current.
    private ChosenExtractor identify(ExtractorChoice choice) {
        if (choice.precision() == Precision.INT8) {
            requireEightBits();
        }
        ChosenExtractor chosen;
        try {
            chosen = ChosenExtractor.of(weights, choice);
        } catch (UnusableChoiceException e) {
            throw ChoiceProblems.of(e);
        }
        chosen.ranges().ifPresent(ranges -> weights.keepRanges(chosen.identity(), ranges));
        return chosen;
    }

    private void requireEightBits() {
        try {
            opener.requireEightBits();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.getMessage() + ".", "precision");
        }
    }
}
