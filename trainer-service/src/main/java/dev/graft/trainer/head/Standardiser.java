package dev.graft.trainer.head;

/// Brings every feature to mean 0 and variance 1 over the pictures learned from.
///
/// Features that hardly vary are only centred, as a division would blow up their noise.
///
/// @param mean  float64 [features]
/// @param scale float64 [features], positive
record Standardiser(double[] mean, double[] scale) {
    private static final double LEAST_DEVIATION = 1e-6;

    /// @throws NotFiniteException when a feature is infinite or not a number
    static Standardiser of(FeatureMatrix features) {
        int columns = features.columns();
        double[] mean = new double[columns];
        double[] scale = new double[columns];
        for (int row = 0; row < features.rows(); row++) {
            Torch.requireNotInterrupted();
            for (int column = 0; column < columns; column++) {
                mean[column] += features.at(row, column);
            }
        }
        for (int column = 0; column < columns; column++) {
            mean[column] /= features.rows();
            NotFiniteException.require(mean[column], "feature " + column);
        }
        for (int row = 0; row < features.rows(); row++) {
            Torch.requireNotInterrupted();
            for (int column = 0; column < columns; column++) {
                double difference = features.at(row, column) - mean[column];
                scale[column] += difference * difference;
            }
        }
        for (int column = 0; column < columns; column++) {
            double deviation = Math.sqrt(scale[column] / features.rows());
            scale[column] = deviation < LEAST_DEVIATION ? 1 : deviation;
        }
        return new Standardiser(mean, scale);
    }

    /// Standardises in place.
    void apply(FeatureMatrix features) {
        for (int row = 0; row < features.rows(); row++) {
            Torch.requireNotInterrupted();
            for (int column = 0; column < features.columns(); column++) {
                features.set(row, column, (float) ((features.at(row, column) - mean[column]) / scale[column]));
            }
        }
    }

    /// Gives the layer that does to raw features what `layer` does to standardised ones:
    /// `w · (x − mean) / scale + b = (w / scale) · x + (b − (w / scale) · mean)`.
    HeadLayer fold(HeadLayer layer) {
        float[] weight = layer.weight().clone();
        float[] bias = new float[layer.outFeatures()];
        for (int out = 0; out < layer.outFeatures(); out++) {
            double shift = 0;
            for (int in = 0; in < layer.inFeatures(); in++) {
                int at = out * layer.inFeatures() + in;
                double folded = weight[at] / scale[in];
                weight[at] = (float) folded;
                shift += folded * mean[in];
            }
            bias[out] = (float) (layer.bias()[out] - shift);
        }
        return new HeadLayer(layer.inFeatures(), layer.outFeatures(), weight, bias);
    }
}
