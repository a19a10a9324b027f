package dev.graft.vision.augment;

/// Draws from a symmetric beta distribution, as X / (X + Y) of two gamma distributions.
///
/// A gamma distribution is drawn from by Marsaglia and Tsang (A Simple Method for Generating Gamma Variables,
/// ACM TOMS 26, 2000), with the normal numbers of Marsaglia's polar method; below a shape of 1 by theirs of
/// one shape more, times U^(1/shape). Logarithms stand in for all of them, since small shapes give numbers
/// that no double holds.
final class Beta {
    private Beta() {}

    /// Draws a number from 0 to 1.
    ///
    /// @param alpha both parameters, above 0
    static double drawn(Draw draw, double alpha) {
        if (alpha == 1) {
            return draw.unit();
        }
        double first = logGamma(draw, alpha);
        double second = logGamma(draw, alpha);
        return 1 / (1 + StrictMath.exp(second - first));
    }

    /// Draws the logarithm of a number of a gamma distribution.
    private static double logGamma(Draw draw, double shape) {
        return shape < 1
                ? logGammaFromOne(draw, shape + 1) + StrictMath.log(positiveUnit(draw)) / shape
                : logGammaFromOne(draw, shape);
    }

    private static double logGammaFromOne(Draw draw, double shape) {
        double d = shape - 1.0 / 3.0;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = normal(draw);
            double root = 1 + c * x;
            double v = root * root * root;
            double u = positiveUnit(draw);
            if (root > 0 && StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                return StrictMath.log(d) + StrictMath.log(v);
            }
        }
    }

    /// Draws from the standard normal distribution; the second number that the polar method gives is not used.
    private static double normal(Draw draw) {
        while (true) {
            double x = draw.uniform(-1, 1);
            double y = draw.uniform(-1, 1);
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                return x * Math.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    /// Draws a number above 0 and at most 1, of which there is a logarithm.
    private static double positiveUnit(Draw draw) {
        return 1 - draw.unit();
    }
}
