package dev.graft.contracts;

/// A version of a model went into production; the one before it, if any, left.
///
/// @param bundlePrefix objects of the bundle begin with it, for example `models/flowers/3/`
/// @param modelDigest  SHA-256 of the bundle's `model.json`, hex, which in turn holds the digests of the other files
public record ModelPublished(String modelName, int version, String bundlePrefix, String modelDigest) implements Event {
    @Override
    public String partitionKey() {
        return modelName;
    }
}
