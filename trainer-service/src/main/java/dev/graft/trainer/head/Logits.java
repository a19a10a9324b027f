package dev.graft.trainer.head;

/// Reads matrices of logits: float32 [rows, classes], row-major.
final class Logits {
    private Logits() {}

    static double accuracy(float[] logits, int[] labels, int classes) {
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            right += greatest(logits, row * classes, classes) == labels[row] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /// Gives the position of the greatest of a row; the first of equals.
    static int greatest(float[] logits, int at, int classes) {
        int greatest = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[at + c] > logits[at + greatest]) {
                greatest = c;
            }
        }
        return greatest;
    }
}
