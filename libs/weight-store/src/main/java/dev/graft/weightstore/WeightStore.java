package dev.graft.weightstore;

import dev.graft.contracts.ModelVersionName;
import dev.graft.contracts.ObjectKeys;
import dev.graft.networks.Arithmetic;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.Extractor;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.BundledRanges;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.WeightCache;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.vision.Preprocessing;
import dev.graft.weightstore.UnusableChoiceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gives weights: those of the catalogue, those that were registered from files, and those that versions of
/// models were fine-tuned to. Safe for many threads; everything but what is said to be known already blocks on
/// object storage, and may fail with an [dev.graft.objectstore.ObjectStoreException].
public final class WeightStore {
    private static final System.Logger LOG = System.getLogger(WeightStore.class.getName());
    private static final String MEDIA_TYPE = "application/octet-stream";

    private final ObjectStore store;
    private final WeightRegister register;
    private final TunedVersions versions;
    private final WeightCache cache;
    private final BundledWeights bundled;
    private volatile Known known = new Known(0, Set.of(), Catalogue.standard());
    private @Nullable Failure lastFailure;

    /// How the register could not be asked.
    ///
    /// @param nanos when it was given up
    private record Failure(long nanos, RuntimeException cause) {}

    /// What the register said when it was last asked.
    ///
    /// @param entries how many it had
    /// @param registered names of the weight sets among them that can be used
    private record Known(int entries, Set<String> registered, Catalogue catalogue) {
        boolean has(Backbone backbone) {
            return BundledWeights.contains(backbone.name()) || registered.contains(backbone.name());
        }

        /// Finds a weight set by its whole name.
        Optional<Backbone> named(String name) {
            return catalogue.find(name).filter(found -> found.name().equals(name));
        }

        /// Finds a weight set whose weights are here, by its name or else by its architecture.
        Optional<Backbone> findPresent(String name) {
            Optional<Backbone> exact = named(name);
            return exact.isPresent()
                    ? exact.filter(this::has)
                    : catalogue.backbones().stream()
                            .filter(backbone -> backbone.architecture().equals(name))
                            .filter(this::has)
                            .findFirst();
        }
    }

    /// Makes a store.
    ///
    /// @param store where files and register are; stays the caller's
    /// @param cacheDirectory where files are kept on this machine; services may share it
    public WeightStore(ObjectStore store, Path cacheDirectory) {
        this.store = store;
        this.register = new WeightRegister(store);
        this.versions = new TunedVersions(store);
        this.cache = new WeightCache(cacheDirectory);
        this.bundled = new BundledWeights(cacheDirectory);
    }

    /// Gives the weight sets that there are now.
    public Catalogue catalogue() {
        return refreshed().catalogue();
    }

    /// Gives the weight set that is used when nothing else is asked for; known already.
    public Backbone defaultBackbone() {
        return known.catalogue().defaultBackbone();
    }

    /// Gives the weights that a name means. This is the one place where that is decided. There are three
    /// kinds of names:
    ///
    /// - that of a weight set, `architecture.tag`;
    /// - an architecture: its first weight set whose weights are here, or the first of all;
    /// - `model@version`: what this version of a model was fine-tuned to.
    ///
    /// Object storage is asked unless weights of this whole name are known to be here: of an architecture,
    /// an earlier one may have come since, and a version may have been deleted.
    ///
    /// @throws UnusableChoiceException `BACKBONE_UNKNOWN` or `VERSION_UNUSABLE`, which says what there is
    ///     instead
    public Backbone named(String name) {
        return ModelVersionName.isMeantBy(name)
                ? versions.get(name, known.catalogue())
                : find(name).orElseThrow(() -> unknown(name));
    }

    private UnusableChoiceException unknown(String name) {
        return new UnusableChoiceException(
                Reason.BACKBONE_UNKNOWN,
                "There is no backbone %s. There are: %s; and fine-tuned versions of models, named %s."
                        .formatted(
                                name,
                                catalogue().backbones().stream()
                                        .map(Backbone::name)
                                        .collect(Collectors.joining(", ")),
                                ModelVersionName.FORM));
    }

    /// Finds a weight set.
    Optional<Backbone> find(String name) {
        Known last = known;
        Optional<Backbone> present = last.named(name).filter(last::has);
        if (present.isPresent()) {
            return present;
        }
        Known now = refreshed();
        return now.findPresent(name).or(() -> now.catalogue().find(name));
    }

    /// Returns where weights are, as far as is known.
    public Availability availability(Backbone backbone) {
        if (BundledWeights.contains(backbone.name())) {
            return Availability.BUNDLED;
        }
        if (backbone.tuned().isPresent() || known.has(backbone)) {
            return Availability.PRESENT;
        }
        return backbone.download().isPresent() ? Availability.DOWNLOADABLE : Availability.IMPORT_NEEDED;
    }

    /// Gives the digest of the file of weights, without fetching it.
    ///
    /// @throws AbsentWeightsException when the weights are not here
    public String sha256(Backbone backbone) {
        Backbone present = backbone.tuned().isPresent() ? backbone : present(backbone);
        return present.sha256().orElseThrow();
    }

    /// Gives the record of weights whose file is here, with the recipe that is its own.
    private Backbone present(Backbone backbone) {
        String name = backbone.name();
        return backbone.tuned().isPresent()
                ? versions.get(name, known.catalogue())
                : find(name)
                        .filter(known::has)
                        .filter(found -> found.sha256().isPresent())
                        .orElseThrow(() -> new AbsentWeightsException(backbone));
    }

    /// Maps a file of weights into memory, verified and validated, after fetching it when this machine does
    /// not have it. The caller closes it.
    ///
    /// @param sha256 the digest of their file, lower-case hex
    /// @throws AbsentWeightsException when the file is not here
    /// @throws MalformedWeightsException when the file is damaged in object storage
    /// @throws IOException when it cannot be fetched now
    public Safetensors open(Backbone backbone, String sha256) throws IOException {
        if (BundledWeights.contains(backbone.name())) {
            return bundled.open(backbone.name(), sha256);
        }
        String key = backbone.tuned().isPresent() ? TunedVersions.key(backbone) : ObjectKeys.weights(sha256);
        try {
            return Safetensors.open(cache.file(sha256, () -> store.open(key)));
        } catch (ObjectNotFoundException _) {
            throw new AbsentWeightsException(backbone);
        }
    }

    /// Gives the current int8 ranges of a weight set: those that were made last for its file and recipe, or those that
    /// come with every build. At other input sizes the same ranges serve.
    ///
    /// @throws AbsentWeightsException when the weights are not here
    public Optional<ActivationRanges> ranges(Backbone backbone) {
        Backbone own = present(backbone);
        String sha256 = own.sha256().orElseThrow();
        String recipe = own.preprocessing().digest();
        return read(ObjectKeys.ranges(sha256, recipe)).or(() -> bundled(own, sha256));
    }

    private static Optional<ActivationRanges> bundled(Backbone own, String sha256) {
        return BundledRanges.find(own.name(), sha256)
                .filter(found ->
                        found.preprocessingDigest().equals(own.preprocessing().digest()));
    }

    private Optional<ActivationRanges> read(String key) {
        try {
            byte[] text = store.read(key, ActivationRanges.MAX_CHARACTERS);
            return Optional.of(ActivationRanges.parse(new String(text, StandardCharsets.UTF_8)));
        } catch (ObjectNotFoundException _) {
            return Optional.empty();
        }
    }

    /// Gives the int8 ranges of an extractor, whichever are current: those that were kept for it, or else the current
    /// or the bundled ones, where it is made of them.
    ///
    /// @param backbone at the extractor's input size
    /// @param layer the extractor's
    /// @param extractorDigest SHA-256 in lower-case hex
    /// @throws AbsentWeightsException when the weights are not here
    public Optional<ActivationRanges> rangesOf(Backbone backbone, TransferLayer layer, String extractorDigest) {
        Backbone own = present(backbone);
        String sha256 = own.sha256().orElseThrow();
        return Stream.<Supplier<Optional<ActivationRanges>>>of(
                        () -> read(ObjectKeys.extractorRanges(extractorDigest)),
                        () -> ranges(backbone),
                        () -> bundled(own, sha256))
                .flatMap(source -> source.get().stream())
                .filter(found -> backbone.extractor(sha256, layer, new Arithmetic.Int8(found.digest()))
                        .digest()
                        .equals(extractorDigest))
                .findFirst();
    }

    /// Keeps the int8 ranges of an extractor permanently, so that it can be opened when others are current.
    /// Doing it again changes nothing.
    ///
    /// @throws IllegalArgumentException when the extractor is not made of these ranges
    public void keepRanges(Extractor extractor, ActivationRanges ranges) {
        if (!extractor.precision().equals(new Arithmetic.Int8(ranges.digest()))) {
            throw new IllegalArgumentException("%s is not made of the ranges %s".formatted(extractor, ranges.digest()));
        }
        boolean unused = store.putIfAbsent(ObjectKeys.extractorRanges(extractor.digest()), content(ranges));
    }

    /// Gives the int8 ranges of a weight set, which are checked to serve a network.
    ///
    /// @param network a part of the weight set's network
    /// @throws IllegalArgumentException when the network is not computed in eight bits, or there are no ranges
    ///     for it; the message says what to do
    /// @throws AbsentWeightsException when the weights are not here
    public ActivationRanges rangesFor(Backbone backbone, Network network) {
        // A kind that is refused is refused at every layer, also at those that lie before what is refused.
        BackboneExport.eightBitValues(backbone.network().upTo(backbone.defaultLayer()));
        List<String> values = BackboneExport.eightBitValues(network);
        ActivationRanges ranges = ranges(backbone)
                .orElseThrow(() -> new IllegalArgumentException(
                        ("%1$s has no ranges for int8; make them with ./graft weights quantize %1$s --calibrate DATASET,"
                                        + " or use f32")
                                .formatted(backbone.name())));
        for (String value : values) {
            if (!ranges.values().containsKey(value)) {
                throw new IllegalArgumentException(
                        "the int8 ranges of %1$s have none for %2$s; take the layer after its activation, or use f32"
                                .formatted(backbone.name(), value));
            }
        }
        return ranges;
    }

    /// Makes int8 ranges the current ones of the weights that they are of, in place of those that may be there for the
    /// same recipe. Extractors that are made of those keep theirs.
    public void putRanges(ActivationRanges ranges) {
        store.put(ObjectKeys.ranges(ranges.weightsSha256(), ranges.preprocessingDigest()), content(ranges));
    }

    private static ObjectContent content(ActivationRanges ranges) {
        return ObjectContent.of(ranges.toText().getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    /// Takes a file of weights and registers it. Doing it again changes nothing.
    ///
    /// @param name `architecture.tag`; of a published weight set whose digest is known, only that file is taken
    /// @param file a safetensors file with timm's tensor names; read to its end
    /// @param maxSizeBytes the largest file to take
    /// @return the record
    /// @throws RefusedWeightsException when the name, the recipe or the size is no good
    /// @throws MalformedWeightsException when the file is not one of this architecture
    /// @throws IOException when the file cannot be read or kept
    public Backbone register(String name, @Nullable String like, InputStream file, long maxSizeBytes)
            throws IOException {
        Preprocessing recipe = new RegistrationRules(catalogue()).recipe(name, like);
        try (IncomingFile incoming = IncomingFile.receive(cache, file, maxSizeBytes)) {
            incoming.requireFor(name, recipe);
            RegistrationRules.requirePublished(name, incoming.sha256());
            RegisteredWeights wanted = RegisteredWeights.of(name, incoming.sha256(), incoming.sizeBytes(), recipe);
            // Before the file is kept: nobody would ever remove one that is refused.
            register.find(name).ifPresent(wanted::requireSame);
            store.put(ObjectKeys.weights(incoming.sha256()), ObjectContent.of(incoming.path(), MEDIA_TYPE));
            wanted.requireSame(register.append(wanted));
            incoming.keep();
        }
        return refreshed().catalogue().get(name);
    }

    /// Reads what was registered meanwhile. Who waited for another call, which failed, fails with it: where object
    /// storage does not answer, callers that wait do not ask it one after another, each for as long as it takes to
    /// give up.
    private Known refreshed() {
        long askedNanos = System.nanoTime();
        synchronized (this) {
            Failure last = lastFailure;
            if (last != null && last.nanos() - askedNanos > 0) {
                throw last.cause();
            }
            try {
                return refresh();
            } catch (RuntimeException e) {
                lastFailure = new Failure(System.nanoTime(), e);
                throw e;
            }
        }
    }

    private Known refresh() {
        List<RegisteredWeights> entries = register.refreshed();
        Known before = known;
        if (before.entries() >= entries.size()) {
            return before;
        }
        Catalogue catalogue = Catalogue.standard();
        Set<String> registered = new HashSet<>();
        for (RegisteredWeights entry : entries) {
            try {
                catalogue = catalogue.with(entry.name(), entry.recipe(), entry.sha256());
                registered.add(entry.name());
            } catch (IllegalArgumentException e) {
                // A newer release may have registered what this one does not know.
                LOG.log(Level.WARNING, "Registered weights cannot be used backbone=" + entry.name(), e);
            }
        }
        Known now = new Known(entries.size(), Set.copyOf(registered), catalogue);
        known = now;
        return now;
    }
}
