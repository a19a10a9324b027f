package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.cli.folder.ImageSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Asks the ingest service.
public final class IngestClient {
    private static final TypeReference<ImportView> IMPORT = new TypeReference<>() {};

    private final RestClient rest;

    IngestClient(RestClient rest) {
        this.rest = rest;
    }

    /// Creates the dataset unless it exists.
    public DatasetView create(String dataset) {
        return rest.post("/v1/datasets", Map.of("name", dataset), null, new TypeReference<>() {});
    }

    /// Sends an archive of images to be imported.
    ///
    /// @param progress receives how many bytes have been sent
    public ImportView send(String dataset, ImageSource source, LongConsumer progress) {
        return rest.post(
                "/v1/datasets/" + Paths.segment(dataset) + "/imports",
                source.mediaType(),
                RequestBody.of(() -> source.open(progress)),
                null,
                IMPORT);
    }

    /// Freezes what the dataset holds now; the same content is the same version.
    public VersionView freeze(String dataset) {
        return rest.post(
                "/v1/datasets/" + Paths.segment(dataset) + "/versions", Map.of(), null, new TypeReference<>() {});
    }

    /// Describes a dataset.
    public DatasetView dataset(String dataset) {
        return rest.get("/v1/datasets/" + Paths.segment(dataset), new TypeReference<>() {});
    }

    /// Lists some images of a dataset.
    ///
    /// @param choice `limit`, `after`, `label` and `split`, as far as they are chosen
    public ImagePage images(String dataset, Map<String, String> choice) {
        return rest.get(
                "/v1/datasets/" + Paths.segment(dataset) + "/images" + Paths.query(choice), new TypeReference<>() {});
    }

    /// Gets the file of an image.
    ///
    /// @param id as a list names it
    public byte[] content(String id) {
        return rest.getBytes("/v1/images/" + Paths.segment(id) + "/content");
    }

    /// Deletes a dataset. Its name is free at once; what belonged to it is removed afterwards.
    public void delete(String dataset) {
        rest.delete("/v1/datasets/" + Paths.segment(dataset));
    }

    /// Follows an import to its end, be it good or bad.
    public ImportView follow(ImportView begun, Consumer<ImportView> progress) {
        return rest.follow("/v1/imports/" + begun.id(), IMPORT, ImportView::ended, progress);
    }
}
