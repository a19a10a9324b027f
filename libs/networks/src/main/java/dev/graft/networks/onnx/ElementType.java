package dev.graft.networks.onnx;

/// Lists the types of elements used in models, with their numbers in `TensorProto.DataType`.
enum ElementType {
    FLOAT(1, Float.BYTES),
    UINT8(2, Byte.BYTES),
    INT8(3, Byte.BYTES),
    INT32(6, Integer.BYTES),
    INT64(7, Long.BYTES);

    private final int number;
    private final int sizeBytes;

    ElementType(int number, int sizeBytes) {
        this.number = number;
        this.sizeBytes = sizeBytes;
    }

    int number() {
        return number;
    }

    int sizeBytes() {
        return sizeBytes;
    }
}
