package dev.graft.feature.extractor;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;

/// Describes an extractor that has a number in this service's database.
///
/// @param id              the number, which never leaves the service
/// @param digest          identity of weights, layer, preprocessing and precision
/// @param backbone        a name of the weights
/// @param layer           the transfer layer
/// @param inputSizePixels side of the square input
/// @param dimension       length of a vector
public record KnownExtractor(
        int id, String digest, String backbone, String layer, int inputSizePixels, Precision precision, int dimension) {

    /// Gives the choice that means this extractor, with nothing left to defaults.
    public ExtractorChoice choice() {
        return new ExtractorChoice(backbone, layer, inputSizePixels, precision);
    }
}
