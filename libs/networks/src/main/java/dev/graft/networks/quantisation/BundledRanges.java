package dev.graft.networks.quantisation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Gives the ranges that come with this library, for the weights that do.
public final class BundledRanges {
    private BundledRanges() {}

    /// Finds the ranges of a file of weights.
    ///
    /// @param backbone name of the weight set
    /// @param weightsSha256 digest of the file of weights, lower-case hex
    public static Optional<ActivationRanges> find(String backbone, String weightsSha256) {
        try (InputStream bundled = BundledRanges.class.getResourceAsStream(backbone + ".ranges")) {
            return bundled == null
                    ? Optional.empty()
                    : Optional.of(ActivationRanges.parse(new String(bundled.readAllBytes(), StandardCharsets.UTF_8)))
                            .filter(ranges -> ranges.weightsSha256().equals(weightsSha256));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the bundled ranges of " + backbone, e);
        }
    }
}
