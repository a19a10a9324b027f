package dev.graft.contracts;

/// A prediction for a stored picture is wanted.
///
/// @param requestId names request and answer, 1 to 255 characters
/// @param imageId   a picture in object storage
/// @param top       how many labels, most probable first, 1 to 1,000
public record PredictionRequested(String requestId, String modelName, String imageId, int top) implements Event {
    private static final int MAX_NAME_LENGTH = 255;

    /// An answer of so many labels of 200 characters still fits a record.
    private static final int MAX_TOP = 1_000;

    public PredictionRequested {
        ImageIds.check(imageId);
        if (requestId.isBlank() || requestId.length() > MAX_NAME_LENGTH || modelName.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "requestId and modelName have 1 to %d characters".formatted(MAX_NAME_LENGTH));
        }
        if (top < 1 || top > MAX_TOP) {
            throw new IllegalArgumentException("top must be 1 to %d, not %d".formatted(MAX_TOP, top));
        }
    }

    @Override
    public String partitionKey() {
        return requestId;
    }
}
