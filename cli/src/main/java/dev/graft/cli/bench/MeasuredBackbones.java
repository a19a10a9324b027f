package dev.graft.cli.bench;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.stack.ActionableException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Finds the networks that are measured.
final class MeasuredBackbones {
    private MeasuredBackbones() {}

    /// Finds weight sets by their names or architectures; when none is named, the first one of each architecture, and
    /// those of which no weights are published.
    ///
    /// @throws ActionableException when there is none of a name
    static List<Backbone> named(List<String> names) {
        Catalogue catalogue = Catalogue.standard();
        List<String> chosen = names.isEmpty()
                ? Stream.concat(
                                catalogue.backbones().stream().map(Backbone::architecture),
                                catalogue.recipes().keySet().stream().sorted())
                        .distinct()
                        .toList()
                : names;
        return chosen.stream()
                .map(name -> catalogue
                        .findTrainedOrNot(name)
                        .orElseThrow(() -> new ActionableException(
                                "There is no backbone " + name + ".", "./graft backbones lists them.")))
                .toList();
    }

    /// Gives a weight set with the smallest input size, from a size on, that its network takes.
    ///
    /// @throws ActionableException when it takes none of about this size
    static Backbone sized(Backbone backbone, int inputSizePixels) {
        int ownPixels = backbone.preprocessing().inputSizePixels();
        int greatest = Math.max(ownPixels, 2 * inputSizePixels);
        return IntStream.iterate(inputSizePixels, pixels -> pixels > 0 && pixels <= greatest, pixels -> pixels + 1)
                .filter(pixels -> takes(backbone, pixels))
                .mapToObj(backbone::withInputSize)
                .findFirst()
                .orElseThrow(() -> new ActionableException(
                        "%s does not take pictures of %d pixels.".formatted(backbone.name(), inputSizePixels),
                        "Its own size is %d.".formatted(ownPixels)));
    }

    private static boolean takes(Backbone backbone, int pixels) {
        try {
            Backbone unused = backbone.withInputSize(pixels);
            return true;
        } catch (IllegalArgumentException tooSmallOrUneven) {
            return false;
        }
    }
}
