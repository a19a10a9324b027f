package dev.graft.trainer.head;

/// Says that a training came to a number that is infinite or not a number, so that no head can come of it.
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param what is not finite, as the subject of a sentence
    NotFiniteException(String what) {
        super(what + " is not a finite number");
    }

    /// Checks a number.
    ///
    /// @throws NotFiniteException when it is not finite
    static void require(double value, String what) {
        if (!Double.isFinite(value)) {
            throw new NotFiniteException(what);
        }
    }
}
