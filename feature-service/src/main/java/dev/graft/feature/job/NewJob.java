package dev.graft.feature.job;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Asks for embeddings, of a manifest's images or of some listed ones.
///
/// @param id          chosen by who asks; asking twice with one id is asking once
/// @param manifestKey the object that lists the images; null when `imageIds` does
/// @param imageIds    the images; empty when a manifest lists them
public record NewJob(
        String id, ExtractorChoice choice, @Nullable String manifestKey, List<String> imageIds) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public NewJob {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a job id has 1 to 100 letters, digits, dots, dashes or underscores");
        }
        imageIds = List.copyOf(imageIds);
        if ((manifestKey == null) == imageIds.isEmpty()) {
            throw new IllegalArgumentException("give either a manifest or image ids");
        }
    }

    /// Gives the SHA-256 of the listed ids, separated by commas; null when a manifest lists them.
    @Nullable
    String imagesDigest() {
        return manifestKey != null ? null : Sha256.of(String.join(",", imageIds).getBytes(StandardCharsets.US_ASCII));
    }
}
