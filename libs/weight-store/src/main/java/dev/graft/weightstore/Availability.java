package dev.graft.weightstore;

/// Returns where the weights of a weight set are.
public enum Availability {
    /// They come with every build.
    BUNDLED,
    /// They are in object storage.
    PRESENT,
    /// They are published as a safetensors file that can be pulled.
    DOWNLOADABLE,
    /// They are published in another form only: somebody must convert and import them.
    IMPORT_NEEDED
}
