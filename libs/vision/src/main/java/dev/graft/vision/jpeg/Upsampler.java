package dev.graft.vision.jpeg;

/// Gives the rows of one component at the resolution of the picture, exactly as the "fancy" upsampling of
/// libjpeg-turbo's `jdsample.c`. The special cases there at the borders are those of a border that is repeated.
abstract sealed class Upsampler {
    final Component component;
    final int left;
    final int width;

    private Upsampler(Component component, int left, int width) {
        this.component = component;
        this.left = left;
        this.width = width;
    }

    /// Makes the upsampler that libjpeg-turbo chooses for a component (`jinit_upsampler`).
    ///
    /// @param left first wanted column of the picture
    /// @param width number of wanted columns
    static Upsampler of(Component component, Frame frame, int left, int width) {
        int horizontal = frame.maxHorizontal() / component.horizontalFactor;
        int vertical = frame.maxVertical() / component.verticalFactor;
        if (horizontal == 1 && vertical == 2) {
            return new Taller(component, left, width);
        }
        if (horizontal == 2 && vertical <= 2 && component.width > 2) {
            return new Wider(component, left, width, vertical == 2);
        }
        return new Repeating(component, left, width, horizontal, vertical);
    }

    /// Writes a row of the picture.
    ///
    /// @param target receives `width` samples
    abstract void row(int row, byte[] target);

    /// Returns the row of the component that is second nearest to a row of a picture twice as high.
    static int farther(int row) {
        return (row & 1) == 0 ? (row >> 1) - 1 : (row >> 1) + 1;
    }

    private static final class Repeating extends Upsampler {
        private final int horizontal;
        private final int vertical;

        Repeating(Component component, int left, int width, int horizontal, int vertical) {
            super(component, left, width);
            this.horizontal = horizontal;
            this.vertical = vertical;
        }

        @Override
        void row(int row, byte[] target) {
            int from = component.rowOffset(row / vertical);
            if (horizontal == 1) {
                System.arraycopy(component.samples, from + left, target, 0, width);
                return;
            }
            for (int x = 0; x < width; x++) {
                target[x] = component.samples[from + (left + x) / horizontal];
            }
        }
    }

    /// Doubles the height: three parts of the nearer row, one of the farther.
    private static final class Taller extends Upsampler {
        Taller(Component component, int left, int width) {
            super(component, left, width);
        }

        @Override
        void row(int row, byte[] target) {
            byte[] samples = component.samples;
            int near = component.rowOffset(row >> 1) + left;
            int far = component.rowOffset(farther(row)) + left;
            int bias = (row & 1) == 0 ? 1 : 2;
            for (int x = 0; x < width; x++) {
                target[x] = (byte) ((3 * (samples[near + x] & 0xFF) + (samples[far + x] & 0xFF) + bias) >> 2);
            }
        }
    }

    /// Doubles the width, and the height too when asked.
    private static final class Wider extends Upsampler {
        private final boolean doublesHeight;
        private final int firstColumn;

        /// One row of the component, with one more sample on each side; four times as large when the height doubles.
        private final int[] sums;

        Wider(Component component, int left, int width, boolean doublesHeight) {
            super(component, left, width);
            this.doublesHeight = doublesHeight;
            this.firstColumn = left >> 1;
            this.sums = new int[((left + width - 1) >> 1) - firstColumn + 3];
        }

        @Override
        void row(int row, byte[] target) {
            if (doublesHeight) {
                sum(component.rowOffset(row >> 1), component.rowOffset(farther(row)));
                widen(target, 8, 7, 4);
            } else {
                sum(component.rowOffset(row));
                widen(target, 1, 2, 2);
            }
        }

        private void sum(int near, int far) {
            byte[] samples = component.samples;
            int from = Math.max(firstColumn - 1, 0);
            int to = Math.min(firstColumn + sums.length - 1, component.width);
            int shift = 1 - firstColumn;
            for (int x = from; x < to; x++) {
                sums[x + shift] = 3 * (samples[near + x] & 0xFF) + (samples[far + x] & 0xFF);
            }
            repeatBorders(from + shift, to + shift);
        }

        private void sum(int near) {
            byte[] samples = component.samples;
            int from = Math.max(firstColumn - 1, 0);
            int to = Math.min(firstColumn + sums.length - 1, component.width);
            int shift = 1 - firstColumn;
            for (int x = from; x < to; x++) {
                sums[x + shift] = samples[near + x] & 0xFF;
            }
            repeatBorders(from + shift, to + shift);
        }

        private void repeatBorders(int from, int to) {
            if (from > 0) {
                sums[0] = sums[from];
            }
            if (to < sums.length) {
                sums[to] = sums[to - 1];
            }
        }

        private void widen(byte[] target, int evenBias, int oddBias, int shift) {
            int x = 0;
            if ((left & 1) == 1) {
                target[x++] = (byte) ((3 * sums[1] + sums[2] + oddBias) >> shift);
            }
            int i = (left + x >> 1) - firstColumn + 1;
            for (; x + 1 < width; x += 2, i++) {
                int nearest = 3 * sums[i];
                target[x] = (byte) ((nearest + sums[i - 1] + evenBias) >> shift);
                target[x + 1] = (byte) ((nearest + sums[i + 1] + oddBias) >> shift);
            }
            if (x < width) {
                target[x] = (byte) ((3 * sums[i] + sums[i - 1] + evenBias) >> shift);
            }
        }
    }
}
