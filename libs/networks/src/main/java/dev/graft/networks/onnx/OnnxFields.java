package dev.graft.networks.onnx;

/// Numbers of the fields of the messages in onnx.proto
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
final class OnnxFields {
    private OnnxFields() {}

    static final class Model {
        static final int IR_VERSION = 1;
        static final int PRODUCER_NAME = 2;
        static final int GRAPH = 7;
        static final int OPSET_IMPORT = 8;
        static final int METADATA_PROPS = 14;

        private Model() {}
    }

    static final class OperatorSet {
        static final int DOMAIN = 1;
        static final int VERSION = 2;

        private OperatorSet() {}
    }

    static final class Entry {
        static final int KEY = 1;
        static final int VALUE = 2;

        private Entry() {}
    }

    static final class Graph {
        static final int NODE = 1;
        static final int NAME = 2;
        static final int INITIALIZER = 5;
        static final int INPUT = 11;
        static final int OUTPUT = 12;

        private Graph() {}
    }

    static final class Node {
        static final int INPUT = 1;
        static final int OUTPUT = 2;
        static final int NAME = 3;
        static final int OP_TYPE = 4;
        static final int ATTRIBUTE = 5;

        private Node() {}
    }

    static final class Tensor {
        static final int DIMS = 1;
        static final int DATA_TYPE = 2;
        static final int INT64_DATA = 7;
        static final int NAME = 8;
        static final int RAW_DATA = 9;

        private Tensor() {}
    }

    /// A value's name and type, which for a tensor is its element type and shape.
    static final class ValueInfo {
        static final int NAME = 1;
        static final int TYPE = 2;
        static final int TENSOR_TYPE = 1;
        static final int ELEM_TYPE = 1;
        static final int SHAPE = 2;
        static final int DIM = 1;
        static final int DIM_VALUE = 1;
        static final int DIM_PARAM = 2;

        private ValueInfo() {}
    }
}
