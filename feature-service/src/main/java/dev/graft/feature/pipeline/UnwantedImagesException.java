package dev.graft.feature.pipeline;

/// Says that nobody wants some of the images of a chunk any more.
final class UnwantedImagesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnwantedImagesException() {
        super("nobody wants some of the images any more");
    }
}
