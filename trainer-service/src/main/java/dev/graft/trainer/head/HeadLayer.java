package dev.graft.trainer.head;

/// One dense layer: `weight · x + bias`.
///
/// @param weight float32 [out, in], row-major
/// @param bias   float32 [out]
public record HeadLayer(int inFeatures, int outFeatures, float[] weight, float[] bias) {
    public HeadLayer {
        if (weight.length != inFeatures * outFeatures || bias.length != outFeatures) {
            throw new IllegalArgumentException("a layer from %d to %d does not have %d weights and %d biases"
                    .formatted(inFeatures, outFeatures, weight.length, bias.length));
        }
    }

    /// Gives the layer whose results are `factor` times these.
    public HeadLayer times(double factor) {
        return new HeadLayer(inFeatures, outFeatures, times(weight, factor), times(bias, factor));
    }

    /// Gives the layer with one result, the second of these less the first: the logit of two classes.
    HeadLayer difference() {
        if (outFeatures != 2) {
            throw new IllegalStateException("only two results have one difference, not " + outFeatures);
        }
        float[] difference = new float[inFeatures];
        for (int in = 0; in < inFeatures; in++) {
            difference[in] = weight[inFeatures + in] - weight[in];
        }
        return new HeadLayer(inFeatures, 1, difference, new float[] {bias[1] - bias[0]});
    }

    private static float[] times(float[] values, double factor) {
        float[] products = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            products[i] = (float) (values[i] * factor);
        }
        return products;
    }
}
