package dev.graft.backbones.onnx;

/// Lists the types of elements used in models, with their numbers in `TensorProto.DataType`.
enum ElementType {
    FLOAT(1),
    UINT8(2),
    INT64(7);

    private final int number;

    ElementType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
