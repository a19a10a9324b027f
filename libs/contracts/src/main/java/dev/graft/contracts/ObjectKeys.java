package dev.graft.contracts;

import java.util.Locale;
import java.util.regex.Pattern;

/// Names the objects that services share through object storage. One bucket holds them all. Names are the same on
/// every machine, whatever its locale.
public final class ObjectKeys {
    private static final Pattern MANIFEST = Pattern.compile("manifests/[0-9a-f]{64}\\.jsonl");

    private ObjectKeys() {}

    /// The original bytes of a picture.
    public static String image(String imageId) {
        return "images/" + ImageIds.check(imageId);
    }

    /// The manifest of frozen dataset versions, by the SHA-256 of its bytes: JSON lines of [ManifestEntry], sorted by
    /// image id.
    public static String manifest(String sha256) {
        return "manifests/%s.jsonl".formatted(ImageIds.check(sha256));
    }

    /// Returns whether `key` has the form of a manifest's key. Whoever opens what a client names checks it
    /// first: the bucket holds objects of any size and form.
    public static boolean isManifest(String key) {
        return MANIFEST.matcher(key).matches();
    }

    /// An archive that waits to be imported.
    public static String importArchive(String importId) {
        return "imports/" + importId;
    }

    /// An immutable segment of embeddings: a safetensors file with the tensor `embeddings`, float32
    /// [pictures, dimension], and the image ids of its rows, separated by commas, as the metadata `imageIds`.
    public static String segment(String extractorDigest, String segmentId) {
        return "embeddings/%s/%s.safetensors".formatted(extractorDigest, segmentId);
    }

    /// The index of a completed embedding job: JSON lines of [EmbeddingLocation], in manifest order.
    public static String embeddingIndex(String jobId) {
        return "embedding-jobs/%s/index.jsonl".formatted(jobId);
    }

    /// What the objects of a model version's bundle begin with.
    public static String bundlePrefix(String modelName, int version) {
        return "models/" + modelName + "/" + version + "/";
    }

    /// A weight set, by the SHA-256 of its bytes.
    public static String weights(String sha256) {
        return "weights/%s.safetensors".formatted(ImageIds.check(sha256));
    }

    /// The current int8 ranges of a weight set, by the SHA-256 of its bytes and the digest of the recipe by which
    /// pictures became its inputs: pictures that were prepared in another way have other ranges.
    public static String ranges(String weightsSha256, String preprocessingDigest) {
        return "weights/%s.%s.ranges".formatted(ImageIds.check(weightsSha256), ImageIds.check(preprocessingDigest));
    }

    /// The int8 ranges of an extractor, by its digest. They never change, whichever ranges become current.
    public static String extractorRanges(String extractorDigest) {
        return "extractors/%s.ranges".formatted(ImageIds.check(extractorDigest));
    }

    /// An entry of the register of weight sets, whose entries are numbered from 1 without gaps.
    public static String weightSet(int number) {
        return String.format(Locale.ROOT, "weight-sets/%08d.json", number);
    }
}
