package dev.graft.networks.onnx;

import java.util.Arrays;

/// A constant setting of an ONNX node. Field numbers are those of `AttributeProto` in onnx.proto.
record Attribute(ProtobufMessage message) {
    private static final int NAME = 1;
    private static final int FLOAT = 2;
    private static final int INT = 3;
    private static final int INTS = 8;
    private static final int TYPE = 20;
    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    static Attribute of(String name, long value) {
        return new Attribute(
                new ProtobufMessage().text(NAME, name).integer(INT, value).integer(TYPE, TYPE_INT));
    }

    static Attribute of(String name, float value) {
        return new Attribute(
                new ProtobufMessage().text(NAME, name).real(FLOAT, value).integer(TYPE, TYPE_FLOAT));
    }

    static Attribute of(String name, long[] values) {
        ProtobufMessage message = new ProtobufMessage().text(NAME, name);
        Arrays.stream(values).forEach(value -> message.integer(INTS, value));
        return new Attribute(message.integer(TYPE, TYPE_INTS));
    }
}
