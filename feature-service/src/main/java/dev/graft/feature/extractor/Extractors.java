package dev.graft.feature.extractor;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import dev.graft.messaging.Transactions;
import dev.graft.networks.Backbone;
import dev.graft.networks.Extractor;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.WeightStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/// Finds out which extractor a choice means, and gives each extractor its number. Safe for many threads;
/// methods that meet an extractor for the first time block on the database.
@ApplicationScoped
public class Extractors {
    /// A vector longer than this (1 MiB) is a mistake: the pooled form of the same layer is meant.
    private static final int MAX_DIMENSION = 1 << 18;

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
        Identified identified = identify(choice);
        KnownExtractor registered = transactions.call(session -> register(session, identified));
        // An architecture's name alone may mean other weights once some are brought, and int8 other ranges once some
        // are made.
        boolean named = choice.backbone() == null || choice.backbone().equals(registered.backbone());
        if (named && choice.precision() == Precision.F32) {
            byChoice.put(choice, registered);
        }
        byId.put(registered.id(), registered);
        return registered;
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

    private record Identified(Extractor identity, int inputSizePixels, Precision precision, int dimension) {}

    private Identified identify(ExtractorChoice choice) {
        Backbone backbone = choice.backbone() == null ? weights.defaultBackbone() : backbone(choice.backbone());
        Backbone sized = choice.inputSizePixels() == null ? backbone : sized(backbone, choice.inputSizePixels());
        TransferLayer layer = choice.layer() == null ? sized.defaultLayer() : layer(sized, choice.layer());
        String sha256 = sha256(backbone);
        Extractor identity = switch (choice.precision()) {
            case F32 -> sized.extractor(sha256, layer, dev.graft.networks.Precision.F32);
            case INT8 -> eightBit(sized, sha256, layer);
        };
        return new Identified(
                identity, sized.preprocessing().inputSizePixels(), choice.precision(), dimension(sized, layer));
    }

    /// Finds an extractor in eight bits, and keeps its ranges: pictures may be computed when others are current.
    private Extractor eightBit(Backbone sized, String sha256, TransferLayer layer) {
        try {
            opener.requireEightBits();
            ActivationRanges ranges = weights.rangesFor(sized, sized.network().upTo(layer));
            Extractor identity =
                    sized.extractor(sha256, layer, new dev.graft.networks.Precision.Int8(ranges.digest()));
            weights.keepRanges(identity, ranges);
            return identity;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.getMessage() + ".", "precision");
        }
    }

    private String sha256(Backbone backbone) {
        try {
            return weights.sha256(backbone);
        } catch (AbsentWeightsException e) {
            throw WeightProblems.absent(backbone);
        }
    }

    private static Uni<KnownExtractor> register(Mutiny.Session session, Identified identified) {
        Extractor identity = identified.identity();
        return session.createNativeQuery("""
                        insert into extractor (digest, backbone, layer, input_size_pixels, precision, dimension)
                        values (:digest, :backbone, :layer, :size, :precision, :dimension)
                        on conflict (digest) do nothing""")
                .setParameter("digest", identity.digest())
                .setParameter("backbone", identity.backbone())
                .setParameter("layer", identity.layer().toString())
                .setParameter("size", identified.inputSizePixels())
                .setParameter("precision", identified.precision().name())
                .setParameter("dimension", identified.dimension())
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

    private static Backbone sized(Backbone backbone, int inputSizePixels) {
        try {
            return backbone.withInputSize(inputSizePixels);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "%s does not take pictures of %d pixels; its own size is %d."
                            .formatted(
                                    backbone.name(),
                                    inputSizePixels,
                                    backbone.preprocessing().inputSizePixels()),
                    "inputSizePixels");
        }
    }

    private static TransferLayer layer(Backbone backbone, String written) {
        Network network = backbone.network();
        try {
            TransferLayer layer = TransferLayer.parse(written);
            network.upTo(layer);
            return layer;
        } catch (IllegalArgumentException e) {
            List<String> stages = network.stages();
            throw new ProblemException(
                    ProblemType.LAYER_NOT_FOUND,
                    ("%s has no layer %s. It has the stages %s, and the steps that GET /v1/backbones/%s/layers lists; "
                                    + "add :pooled for the average of a map.")
                            .formatted(backbone.name(), written, String.join(", ", stages), backbone.name()),
                    "layer");
        }
    }

    private static int dimension(Backbone backbone, TransferLayer layer) {
        long dimension = backbone.network().upTo(layer).outputShape().elements();
        if (dimension > MAX_DIMENSION) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "Layer %s of %s gives %,d numbers for a picture, more than %,d. Use %s:pooled."
                            .formatted(layer, backbone.name(), dimension, MAX_DIMENSION, layer.name()),
                    "layer");
        }
        return (int) dimension;
    }
}
