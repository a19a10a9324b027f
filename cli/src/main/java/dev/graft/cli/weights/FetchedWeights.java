package dev.graft.cli.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.hub.PartFile;
import dev.graft.cli.rest.RefusedRequestException;
import dev.graft.contracts.Sha256;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/// A file of weights that was fetched from where it is published.
///
/// @param name of the weight set
/// @param publishedSha256 digest of the published file, lower-case hex; empty where it is not known
/// @param part the file, whole
record FetchedWeights(String name, String publishedSha256, PartFile part) {
    private static final int UNPROCESSABLE_CONTENT = 422;

    /// Sends the file to be registered. A file that proves to be no good goes, for it is no good to a later run
    /// either; one that is not taken for another reason stays.
    ///
    /// @return the record of the weight set
    /// @throws ActionableException when the file is no good or is not taken
    /// @throws IOException when the file cannot be read or removed
    JsonNode register(WeightsUpload upload) throws IOException {
        requirePublished();
        try {
            JsonNode registered = upload.run(name, part.path(), null);
            part.discard();
            return registered;
        } catch (RefusedRequestException e) {
            if (e.status() == UNPROCESSABLE_CONTENT) {
                throw useless(e.problem());
            }
            throw new ActionableException(
                    e.problem(),
                    "What was fetched is kept: the next ./graft weights pull %s begins with it.".formatted(name),
                    e);
        }
    }

    private void requirePublished() throws IOException {
        if (publishedSha256.isEmpty()) {
            return;
        }
        String found;
        try (InputStream in = Files.newInputStream(part.path())) {
            found = Sha256.of(in);
        }
        if (!found.equals(publishedSha256)) {
            throw useless("It is not the published file: its SHA-256 is %s, not %s.".formatted(found, publishedSha256));
        }
    }

    private ActionableException useless(String reason) throws IOException {
        part.discard();
        return new ActionableException(
                "What was fetched as %s is no good. %s".formatted(name, reason),
                "Try again, or name another mirror (--hub URL).");
    }
}
