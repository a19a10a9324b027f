package dev.graft.networks.onnx;

/// The operators of ONNX that models use, each by its name in the standard.
enum Operator {
    ADD("Add"),
    AVERAGE_POOL("AveragePool"),
    BATCH_NORMALIZATION("BatchNormalization"),
    CAST("Cast"),
    CLIP("Clip"),
    CONCAT("Concat"),
    CONV("Conv"),
    DEQUANTIZE_LINEAR("DequantizeLinear"),
    DIV("Div"),
    ERF("Erf"),
    FLATTEN("Flatten"),
    GATHER("Gather"),
    GEMM("Gemm"),
    GLOBAL_AVERAGE_POOL("GlobalAveragePool"),
    IDENTITY("Identity"),
    LAYER_NORMALIZATION("LayerNormalization"),
    MAT_MUL("MatMul"),
    MAX_POOL("MaxPool"),
    MUL("Mul"),
    PAD("Pad"),
    QUANTIZE_LINEAR("QuantizeLinear"),
    REDUCE_MAX("ReduceMax"),
    REDUCE_MEAN("ReduceMean"),
    REDUCE_MIN("ReduceMin"),
    RELU("Relu"),
    RESHAPE("Reshape"),
    SHAPE("Shape"),
    SIGMOID("Sigmoid"),
    SOFTMAX("Softmax"),
    SPLIT("Split"),
    SUB("Sub"),
    TOP_K("TopK"),
    TRANSPOSE("Transpose");

    private final String onnxName;

    Operator(String onnxName) {
        this.onnxName = onnxName;
    }

    String onnxName() {
        return onnxName;
    }
}
