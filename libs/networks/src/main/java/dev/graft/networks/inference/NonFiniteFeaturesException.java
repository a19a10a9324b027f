package dev.graft.networks.inference;

/// Says that a network made numbers of an image that are not finite, as damaged weights do: a negative variance, or
/// a factor so large that products overflow.
public final class NonFiniteFeaturesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private NonFiniteFeaturesException() {
        super("the network gives numbers that are not finite; its weights are damaged");
    }

    /// Requires that all features are finite.
    ///
    /// @param from the first of them
    /// @param to where they end
    /// @throws NonFiniteFeaturesException when one is not
    public static void requireFinite(float[] features, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(features[i])) {
                throw new NonFiniteFeaturesException();
            }
        }
    }
}
