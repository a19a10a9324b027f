package dev.graft.contracts;

/// A prediction for a stored picture is wanted.
///
/// @param requestId names request and answer
/// @param imageId   a picture in object storage
/// @param top       how many labels, most probable first
public record PredictionRequested(String requestId, String modelName, String imageId, int top) implements Event {
    public PredictionRequested {
        ImageIds.check(imageId);
        if (top < 1) {
            throw new IllegalArgumentException("top must be at least 1, not " + top);
        }
    }

    @Override
    public String partitionKey() {
        return requestId;
    }
}
