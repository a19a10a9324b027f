package dev.graft.problem;

import java.net.URI;
import java.util.Locale;

/// Catalogues the kinds of problems. A kind's URI never changes its meaning; clients may branch on it.
public enum ProblemType {
    // Any request
    INVALID_REQUEST("The request is not valid", 400, Kind.POISON),
    NOT_FOUND("There is nothing at this address", 404, Kind.POISON),
    METHOD_NOT_ALLOWED("The method is not allowed here", 405, Kind.POISON),
    NOT_ACCEPTABLE("No acceptable media type can be produced", 406, Kind.POISON),
    BODY_TOO_SLOW("The body comes too slowly", 408, Kind.RETRYABLE),
    CONFLICT("The request contradicts the present state", 409, Kind.POISON),
    CONTENT_TOO_LARGE("The content is too large", 413, Kind.POISON),
    ADDRESS_TOO_LONG("The address is too long", 414, Kind.POISON),
    UNSUPPORTED_MEDIA_TYPE("The media type is not supported", 415, Kind.POISON),
    IDEMPOTENCY_KEY_REUSED("The idempotency key belongs to another request", 422, Kind.POISON),
    INTERNAL_ERROR("Something went wrong inside", 500, Kind.RETRYABLE),
    INSUFFICIENT_STORAGE("There is no space left", 507, Kind.RETRYABLE),
    BACKEND_UNAVAILABLE("A backend is not available", 503, Kind.RETRYABLE),
    TOO_BUSY("The service is too busy", 503, Kind.RETRYABLE),

    // Events
    DEAD_LETTER_NOT_FOUND("The dead letter does not exist", 404, Kind.POISON),
    DEAD_LETTER_NOT_REPLAYABLE("The dead letter cannot be replayed", 409, Kind.POISON),

    // Pictures, as decoding refuses them
    IMAGE_NOT_FOUND("The picture does not exist", 404, Kind.POISON),
    IMAGE_ABSENT("The file only stands for a picture", 422, Kind.POISON),
    IMAGE_EMPTY("The file is empty", 422, Kind.POISON),
    IMAGE_FORMAT_UNSUPPORTED("The file is not a picture of a supported format", 415, Kind.POISON),
    IMAGE_VARIANT_UNSUPPORTED("The variant of the picture format is not supported", 422, Kind.POISON),
    IMAGE_TOO_LARGE("The picture file is too large", 413, Kind.POISON),
    IMAGE_TOO_MANY_PIXELS("The picture has too many pixels", 422, Kind.POISON),
    IMAGE_TOO_MUCH_MEMORY("Decoding the picture takes too much memory", 422, Kind.POISON),
    IMAGE_TRUNCATED("The picture is incomplete", 422, Kind.POISON),
    IMAGE_CORRUPT("The picture is corrupt", 422, Kind.POISON),
    IMAGE_UNCHECKABLE("The check of the picture broke off", 422, Kind.POISON),

    // Datasets and imports
    DATASET_NOT_FOUND("The dataset does not exist", 404, Kind.POISON),
    DATASET_VERSION_NOT_FOUND("The dataset version does not exist", 404, Kind.POISON),
    DATASET_EMPTY("The dataset has no pictures", 422, Kind.POISON),
    IMPORT_NOT_FOUND("The import does not exist", 404, Kind.POISON),
    REJECT_NOT_FOUND("The rejected file does not exist", 404, Kind.POISON),
    LABEL_CONFLICT("The picture has another label already", 409, Kind.POISON),
    LABEL_MISSING("The label is missing", 422, Kind.POISON),
    LABEL_UNREADABLE("The label cannot be read", 422, Kind.POISON),
    ARCHIVE_UNREADABLE("The archive cannot be read", 422, Kind.POISON),
    ARCHIVE_UNSAFE("The archive is not safe to unpack", 422, Kind.POISON),

    // Backbones and embeddings
    BACKBONE_NOT_FOUND("The backbone does not exist", 404, Kind.POISON),
    LAYER_NOT_FOUND("The backbone has no such layer", 404, Kind.POISON),
    WEIGHTS_UNAVAILABLE("The weights are not available", 503, Kind.RETRYABLE),
    WEIGHTS_ABSENT("The weights are not here", 409, Kind.POISON),
    WEIGHTS_INVALID("The weights are not valid", 422, Kind.POISON),
    EMBEDDING_NOT_FOUND("The embedding does not exist", 404, Kind.POISON),
    EMBEDDING_JOB_NOT_FOUND("The embedding job does not exist", 404, Kind.POISON),
    EMBEDDING_FAILED("The embeddings could not be computed", 422, Kind.POISON),
    MANIFEST_NOT_FOUND("The manifest does not exist", 404, Kind.POISON),

    // Training and models
    DATASET_NOT_TRAINABLE("The dataset cannot be trained on", 422, Kind.POISON),
    SETTING_UNSUPPORTED("The setting is not supported", 422, Kind.POISON),
    TRAINING_RUN_NOT_FOUND("The training run does not exist", 404, Kind.POISON),
    TRAINING_RUN_FINISHED("The training run has ended already", 409, Kind.POISON),
    TRAINING_FAILED("The training run failed", 422, Kind.POISON),
    REPORT_NOT_FOUND("The report does not exist", 404, Kind.POISON),
    MODEL_NOT_FOUND("The model does not exist", 404, Kind.POISON),
    MODEL_VERSION_NOT_FOUND("The model version does not exist", 404, Kind.POISON),
    MODEL_FILE_NOT_FOUND("The model version has no such file", 404, Kind.POISON);

    /// Returns whether trying again can help.
    public enum Kind {
        /// The same request may succeed later.
        RETRYABLE,
        /// The same request always fails the same way.
        POISON
    }

    private static final String BASE = "https://graft.dev/problems/";

    private final URI uri;
    private final String title;
    private final int status;
    private final Kind kind;

    ProblemType(String title, int status, Kind kind) {
        this.uri = URI.create(BASE + name().toLowerCase(Locale.ROOT).replace('_', '-'));
        this.title = title;
        this.status = status;
        this.kind = kind;
    }

    /// Gives the stable identifier.
    public URI uri() {
        return uri;
    }

    /// Gives the summary, the same for every problem of the kind.
    public String title() {
        return title;
    }

    /// Gives the HTTP status.
    public int status() {
        return status;
    }

    /// Returns whether trying again can help.
    public Kind kind() {
        return kind;
    }

    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> BODY_TOO_SLOW;
            case 409 -> CONFLICT;
            case 413 -> CONTENT_TOO_LARGE;
            case 414 -> ADDRESS_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> BACKEND_UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }
}
