package dev.graft.feature.extractor;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.messaging.Transactions;
import dev.graft.networks.Backbone;
import dev.graft.networks.Extractor;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.UnusableChoiceException;
import dev.graft.weightstore.WeightStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/// Finds out which extractor a choice means, and gives each extractor its number. Safe for many threads;
/// methods that meet an extractor for the first time block on the database.
@ApplicationScoped
public class Extractors {
    private static final String COLUMNS = "id, digest, backbone, layer, input_size_pixels, precision, dimension";

    private final WeightStore weights;
    private final ExtractorOpener opener;
    private final Transactions transactions;
    private final Map<ExtractorChoice, KnownExtractor> byChoice = new ConcurrentHashMap<>();
    private final Map<Integer, KnownExtractor> byId = new ConcurrentHashMap<>();

    /// Makes the register over the service's database.
    public Extractors(WeightStore weights, ExtractorOpener opener, Transactions transactions) {
        this.weights = weights;
        this.opener = opener;
        this.transactions = transactions;
    }

    /// Finds a weight set. Blocks on object storage when its weights are not known to be there.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, which names those there are
    public Backbone backbone(String name) {
        return weights.find(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.BACKBONE_NOT_FOUND,
                        "There is no backbone %s. There are: %s."
                                .formatted(
                                        name,
                                        weights.catalogue().backbones().stream()
                                                .map(Backbone::name)
                                                .collect(Collectors.joining(", "))),
                        "backbone"));
    }

    /// Finds the extractor that a choice means.
    ///
    /// @throws ProblemException `BACKBONE_NOT_FOUND`, `WEIGHTS_ABSENT`, `LAYER_NOT_FOUND` or
    ///     `SETTING_UNSUPPORTED`, each of which says what there is instead
    public KnownExtractor resolve(ExtractorChoice choice) {
        KnownExtractor found = byChoice.get(choice);
        if (found != null) {
            return found;
        }
        ChosenExtractor chosen = identify(choice);
        KnownExtractor registered = transactions.call(session -> register(session, chosen));
        if (isSettled(choice, registered)) {
            byChoice.put(choice, registered);
        }
        byId.put(registered.id(), registered);
        return registered;
    }

    /// Tells whether a choice always means the same extractor, and is one of a few that do: an architecture's name
    /// alone may mean other weights once some are brought, int8 other ranges once some are made, and a layer has
    /// more spellings than can be remembered.
    private static boolean isSettled(ExtractorChoice choice, KnownExtractor registered) {
        boolean named = choice.backbone() == null || choice.backbone().equals(registered.backbone());
        boolean canonical = choice.layer() == null || choice.layer().equals(registered.layer());
        return named && canonical && choice.precision() == Precision.F32;
    }

    /// Finds the extractor that is meant when nothing is chosen, within the caller's transaction; without blocking, for
    /// its weights come with the service.
    public Uni<KnownExtractor> resolveDefault(Mutiny.Session session) {
        ExtractorChoice choice = ExtractorChoice.defaults();
        KnownExtractor found = byChoice.get(choice);
        // Nothing is remembered here: the transaction may yet be rolled back, and the number with it.
        return found != null ? Uni.createFrom().item(found) : register(session, identify(choice));
    }

    /// Gives the extractor with a number that this service once gave.
    public KnownExtractor get(int id) {
        KnownExtractor found = byId.get(id);
        if (found != null) {
            return found;
        }
        KnownExtractor read = transactions.call(session -> select(session, "id = :key", id));
        byId.put(id, read);
        return read;
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

    private static Uni<KnownExtractor> register(Mutiny.Session session, ChosenExtractor chosen) {
        Extractor identity = chosen.identity();
        Precision precision = chosen.ranges().isPresent() ? Precision.INT8 : Precision.F32;
        return session.createNativeQuery("""
                        insert into extractor (digest, backbone, layer, input_size_pixels, precision, dimension)
                        values (:digest, :backbone, :layer, :size, :precision, :dimension)
                        on conflict (digest) do nothing""")
                .setParameter("digest", identity.digest())
                .setParameter("backbone", identity.backbone())
                .setParameter("layer", identity.layer().toString())
                .setParameter("size", chosen.inputSizePixels())
                .setParameter("precision", precision.name())
                .setParameter("dimension", chosen.dimension())
                .executeUpdate()
                .chain(() -> select(session, "digest = :key", identity.digest()));
    }

    private static Uni<KnownExtractor> select(Mutiny.Session session, String condition, Object key) {
        return session.createNativeQuery("select " + COLUMNS + " from extractor where " + condition, Object[].class)
                .setParameter("key", key)
                .getSingleResult()
                .map(row -> new KnownExtractor(
                        (Integer) row[0],
                        (String) row[1],
                        (String) row[2],
                        (String) row[3],
                        (Integer) row[4],
                        Precision.valueOf((String) row[5]),
                        (Integer) row[6]));
    }
}
