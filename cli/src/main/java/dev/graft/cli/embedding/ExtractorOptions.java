package dev.graft.cli.embedding;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose how images become embeddings; what is not chosen, a service chooses.
public final class ExtractorOptions {
    @Option(
            names = "--backbone",
            paramLabel = "B",
            description =
                    "A name from ./graft backbones, or NAME@VERSION of a fine-tuned model; the default one by default.")
    private @Nullable String backbone;

    @Option(
            names = "--layer",
            paramLabel = "L",
            description =
                    "A layer or stage of ./graft summary; NAME:pooled averages its map. The pooled features by default.")
    private @Nullable String layer;

    @Option(
            names = "--input-size",
            paramLabel = "N",
            description = "Side of the pictures as the network sees them, 32 to 1024; the backbone's own by default.")
    private @Nullable Integer inputSize;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "f32, the default, or int8, which needs ranges: ./graft weights quantize.")
    private @Nullable String precision;

    /// Returns the backbone's name.
    public @Nullable String backbone() {
        return backbone;
    }

    /// Returns the layer's name.
    public @Nullable String layer() {
        return layer;
    }

    /// Returns the side of the images as the network sees them, in pixels.
    public @Nullable Integer inputSize() {
        return inputSize;
    }

    /// Returns the precision that embeddings are computed in.
    public @Nullable String precision() {
        return precision;
    }
}
