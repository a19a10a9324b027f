package dev.graft.networks;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import dev.graft.vision.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lists the weight sets that are known by name. Immutable.
///
/// @param backbones the weight sets; the first is the default
/// @param recipes how images are prepared for architectures of which no weights are published, by architecture
public record Catalogue(List<Backbone> backbones, Map<String, Preprocessing> recipes) {
    /// The source of weights that were imported.
    public static final String IMPORTED = "imported";

    private static final String UNTRAINED = ".untrained";
    private static final String NOWHERE = "not published";

    /// What SPDX writes when nobody has said under which licence something is.
    private static final String LICENSE_UNKNOWN = "NOASSERTION";

    /// Copies the lists.
    public Catalogue {
        backbones = List.copyOf(backbones);
        recipes = Map.copyOf(recipes);
    }

    /// Returns the catalogue of this release.
    public static Catalogue standard() {
        return Standard.CATALOGUE;
    }

    /// Returns the weight set that is used when nothing else is asked for.
    public Backbone defaultBackbone() {
        return backbones.getFirst();
    }

    /// Finds a weight set by its name, or by its architecture, of which the first is meant.
    public Optional<Backbone> find(String name) {
        return named(name)
                .or(() -> backbones.stream()
                        .filter(backbone -> backbone.architecture().equals(name))
                        .findFirst());
    }

    /// Returns the record that [#findTrainedOrNot] finds.
    ///
    /// @throws IllegalArgumentException when there is none
    public Backbone get(String name) {
        return findTrainedOrNot(name)
                .orElseThrow(() -> new IllegalArgumentException("no backbone is named " + name + "; known are "
                        + backbones.stream().map(Backbone::name).collect(Collectors.joining(", "))));
    }

    /// Finds a record as [#find], or else one of an architecture of which no weights are published, named
    /// `architecture.untrained`: enough to build its network and to prepare its images.
    public Optional<Backbone> findTrainedOrNot(String name) {
        String architecture = Backbone.architectureOf(name);
        return find(name)
                .or(() -> Optional.ofNullable(recipes.get(architecture))
                        .map(recipe -> record(architecture + UNTRAINED, NOWHERE, recipe, Optional.empty()))
                        .filter(record -> name.equals(architecture) || name.equals(record.name())));
    }

    /// Finds how images are prepared for an architecture when nothing is said about its weights: as for its
    /// first weight set.
    public Optional<Preprocessing> recipe(String architecture) {
        return find(architecture).map(Backbone::preprocessing).or(() -> Optional.ofNullable(recipes.get(architecture)));
    }

    /// Returns this catalogue with a file of weights: with its digest in the record of this name, or else with a
    /// record of its own at the end, whose numbers are those of the network.
    ///
    /// @param name `architecture.tag`
    /// @param preprocessing how images are prepared; only for a record of its own
    /// @param sha256 the file's digest, lower-case hex
    /// @throws IllegalArgumentException when the architecture is not known or does not take images of this
    ///     size
    public Catalogue with(String name, Preprocessing preprocessing, String sha256) {
        Optional<Backbone> known = named(name);
        Stream<Backbone> extended = known.isPresent()
                ? backbones.stream().map(one -> one.name().equals(name) ? one.withSha256(sha256) : one)
                : Stream.concat(
                        backbones.stream(), Stream.of(record(name, IMPORTED, preprocessing, Optional.of(sha256))));
        return new Catalogue(extended.toList(), recipes);
    }

    /// Describes weights that a model version was fine-tuned to. They are under the licence of the weight
    /// set that they were before.
    ///
    /// @param name the version's
    /// @param preprocessing how images are prepared for them
    /// @param sha256 their file's digest, lower-case hex
    /// @throws IllegalArgumentException when the architecture is not known, does not take images of this
    ///     size, or has no such layer
    public Backbone tuned(String name, Backbone.Tuned tuned, Preprocessing preprocessing, String sha256) {
        String license = named(tuned.from().getLast()).map(Backbone::license).orElse(LICENSE_UNKNOWN);
        Network network = network(tuned.from().getLast(), preprocessing);
        return record(
                name,
                "fine-tuned from " + tuned.from().getFirst(),
                license,
                preprocessing,
                Optional.of(sha256),
                network,
                network.upTo(tuned.layer()).outputShape(),
                Optional.of(tuned));
    }

    private Optional<Backbone> named(String name) {
        return backbones.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst();
    }

    private static Backbone record(String name, String source, Preprocessing preprocessing, Optional<String> sha256) {
        Network network = network(name, preprocessing);
        return record(
                name,
                source,
                LICENSE_UNKNOWN,
                preprocessing,
                sha256,
                network,
                network.shape(network.features()),
                Optional.empty());
    }

    private static Backbone record(
            String name,
            String source,
            String license,
            Preprocessing preprocessing,
            Optional<String> sha256,
            Network network,
            Shape features,
            Optional<Backbone.Tuned> tuned) {
        return new Backbone(
                name,
                source,
                Optional.empty(),
                license,
                sha256,
                preprocessing,
                (int) features.elements(),
                network.parameterCount(),
                network.multiplyAdds(),
                network.sizeBytes(),
                Optional.empty(),
                tuned);
    }

    private static Network network(String weightSet, Preprocessing preprocessing) {
        return Architectures.named(Backbone.architectureOf(weightSet)).withInputSize(preprocessing.inputSizePixels());
    }

    /// Read when it is first asked for.
    private static final class Standard {
        private static final Catalogue CATALOGUE = CatalogueFile.read();
    }
}
