package dev.graft.trainer.evaluation;

/// How two classifiers differ that answered the same images.
///
/// @param images number of images
/// @param rightBefore images that only the earlier one answered right
/// @param rightAfter images that only the later one answered right
/// @param difference the later one's accuracy less the earlier one's
/// @param interval holds the difference on all such images with a confidence of 95 %
/// @param probability that so uneven a number of changes comes of chance alone
public record Comparison(
        int images, int rightBefore, int rightAfter, double difference, Interval interval, double probability) {

    /// Compares two evaluations on the same images.
    public static Comparison of(Evaluation before, Evaluation after) {
        int both = 0;
        int onlyBefore = 0;
        int onlyAfter = 0;
        for (int row = 0; row < before.images(); row++) {
            boolean earlier = before.answers().get(row).right();
            boolean later = after.answers().get(row).right();
            both += earlier && later ? 1 : 0;
            onlyBefore += earlier && !later ? 1 : 0;
            onlyAfter += later && !earlier ? 1 : 0;
        }
        return of(both, onlyBefore, onlyAfter, before.images());
    }

    /// Compares by counts.
    ///
    /// @param both images that both answered right
    static Comparison of(int both, int onlyBefore, int onlyAfter, int images) {
        return new Comparison(
                images,
                onlyBefore,
                onlyAfter,
                (double) (onlyAfter - onlyBefore) / images,
                newcombe(both, onlyBefore, onlyAfter, images),
                mcNemar(onlyBefore, onlyAfter));
    }

    /// McNemar's test with the mid-P value (Fagerland, Lydersen and Laake, 2013, BMC Medical Research Methodology
    /// 13:91): of the images that changed sides, the smaller number `k` has the binomial tail
    /// `2 · P(X ≤ k) − P(X = k)`, and `1 − P(X = k) / 2` where both numbers are equal. Where nothing changed
    /// it is 1.
    static double mcNemar(int onlyBefore, int onlyAfter) {
        int changed = onlyBefore + onlyAfter;
        int smaller = Math.min(onlyBefore, onlyAfter);
        double logPoint = -changed * StrictMath.log(2);
        double tail = StrictMath.exp(logPoint);
        for (int k = 1; k <= smaller; k++) {
            logPoint += StrictMath.log((double) (changed - k + 1) / k);
            tail += StrictMath.exp(logPoint);
        }
        double point = StrictMath.exp(logPoint);
        return onlyBefore == onlyAfter ? 1 - (changed == 0 ? 0 : point / 2) : 2 * tail - point;
    }

    /// Newcombe's interval of the difference between paired shares (1998, Statistics in Medicine 17:2635–2650,
    /// method 10): Wilson's intervals of both shares, joined with the correlation of the answers, corrected for
    /// continuity.
    private static Interval newcombe(int both, int onlyBefore, int onlyAfter, int images) {
        int neither = images - both - onlyBefore - onlyAfter;
        double after = (double) (both + onlyAfter) / images;
        double before = (double) (both + onlyBefore) / images;
        Interval ofAfter = Interval.wilson(both + onlyAfter, images);
        Interval ofBefore = Interval.wilson(both + onlyBefore, images);
        double correlation = correlation(both, onlyBefore, onlyAfter, neither, images);
        return new Interval(
                after - before - reach(after - ofAfter.low(), ofBefore.high() - before, correlation),
                after - before + reach(ofAfter.high() - after, before - ofBefore.low(), correlation));
    }

    private static double correlation(int both, int onlyBefore, int onlyAfter, int neither, int images) {
        double product = ((double) both + onlyAfter)
                * ((double) onlyBefore + neither)
                * ((double) both + onlyBefore)
                * ((double) onlyAfter + neither);
        if (product == 0) {
            return 0;
        }
        double cross = (double) both * neither - (double) onlyBefore * onlyAfter;
        double corrected = cross > 0 ? Math.max(cross - images / 2.0, 0) : cross;
        return corrected / Math.sqrt(product);
    }

    private static double reach(double one, double other, double correlation) {
        return Math.sqrt(Math.max(0, one * one - 2 * correlation * one * other + other * other));
    }
}
