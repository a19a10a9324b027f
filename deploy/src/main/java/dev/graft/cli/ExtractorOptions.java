package dev.graft.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose how pictures become embeddings; what is not chosen, a service chooses.
final class ExtractorOptions {
    @Option(names = "--backbone", paramLabel = "B", description = "A name from ./graft backbones.")
    @Nullable
    String backbone;

    @Option(
            names = "--layer",
            paramLabel = "L",
            description = "The layer whose output is taken; the pooled features by default.")
    @Nullable
    String layer;

    @Option(names = "--input-size", paramLabel = "N", description = "Side of the pictures as the network sees them.")
    @Nullable
    Integer inputSize;

    @Option(names = "--precision", paramLabel = "P", description = "f32 or int8.")
    @Nullable
    String precision;
}
