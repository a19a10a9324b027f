package dev.graft.networks.architecture;

import dev.graft.networks.network.Network;
import java.util.List;

/// Finds architectures by name. Stateless.
public final class Architectures {
    private static final List<Family> FAMILIES = List.of(
            EfficientNet.FAMILY,
            MobileNetV1.FAMILY,
            ResNet.FAMILY,
            DenseNet.FAMILY,
            InceptionV3.FAMILY,
            InceptionResNetV2.FAMILY,
            Xception.FAMILY,
            Vgg.FAMILY,
            ConvNeXt.FAMILY,
            VisionTransformer.FAMILY);

    private Architectures() {}

    /// Builds an architecture at its default input size, with its classifier of 1,000 classes.
    ///
    /// @param name timm's name, such as `tf_efficientnet_lite0`
    /// @throws IllegalArgumentException when no architecture has this name
    public static Network named(String name) {
        return FAMILIES.stream()
                .filter(family -> family.names().contains(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no architecture is named " + name + "; known are " + String.join(", ", names())))
                .build()
                .apply(name);
    }

    /// Lists the names of all architectures.
    public static List<String> names() {
        return FAMILIES.stream().flatMap(family -> family.names().stream()).toList();
    }
}
