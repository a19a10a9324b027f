package dev.graft.vision.augment;

/// One showing of an image to a network: what decides how it is varied.
///
/// @param seed that of the run
/// @param epoch the pass over the images, or the number of the variant
/// @param imageId the image's id, the SHA-256 of its file in hex
public record Showing(long seed, long epoch, String imageId) {
    /// Begins the sequence of numbers that decide one thing.
    Draw draw(String purpose) {
        return Draw.of(purpose, seed, epoch, imageId);
    }
}
