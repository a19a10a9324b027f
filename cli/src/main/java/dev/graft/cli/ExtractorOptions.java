package dev.graft.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose how pictures become embeddings; what is not chosen, a service chooses.
final class ExtractorOptions {
    @Option(
            names = "--backbone",
            paramLabel = "B",
            description = "A name from ./graft backbones; the default one by default.")
    @Nullable
    String backbone;

    @Option(
            names = "--layer",
            paramLabel = "L",
            description =
                    "A layer or stage of ./graft summary; NAME:pooled averages its map. The pooled features by default.")
    @Nullable
    String layer;

    @Option(
            names = "--input-size",
            paramLabel = "N",
            description = "Side of the pictures as the network sees them, 32 to 1024; the backbone's own by default.")
    @Nullable
    Integer inputSize;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "f32, the default, or int8, which needs ranges: ./graft weights quantize.")
    @Nullable
    String precision;
}
