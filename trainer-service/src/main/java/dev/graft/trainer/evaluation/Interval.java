package dev.graft.trainer.evaluation;

/// A confidence interval of a share.
public record Interval(double low, double high) {
    private static final double NORMAL_QUANTILE_95 = 1.959963984540054;

    /// Gives Wilson's score interval of 95 % (E. B. Wilson, 1927), which holds for few trials and shares near 1, too.
    public static Interval wilson(int successes, int trials) {
        double z = NORMAL_QUANTILE_95;
        double share = (double) successes / trials;
        double centre = share + z * z / (2 * trials);
        double reach = z * Math.sqrt(share * (1 - share) / trials + z * z / (4.0 * trials * trials));
        double scale = 1 + z * z / trials;
        return new Interval(Math.max(0, (centre - reach) / scale), Math.min(1, (centre + reach) / scale));
    }
}
