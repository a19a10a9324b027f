package dev.graft.backbones.onnx;

import dev.graft.backbones.network.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// A graph in float32 that gives, beside its result, the least and the greatest number of every value that the
/// same graph in eight bits keeps as bytes, for each picture.
final class MeasuringGraph extends EightBitGraph {
    private static final Attribute POSITIONS_AND_CHANNELS = Attribute.of("axes", new long[] {1, 2, 3});

    private final SequencedSet<String> measured = new LinkedHashSet<>();

    MeasuringGraph(String name) {
        super(name);
    }

    /// Returns the names of the values, in order.
    SequencedSet<String> measured() {
        return measured;
    }

    @Override
    String bytes(String value, String rangeOwner) {
        if (measured.add(rangeOwner)) {
            measure("ReduceMin", BackboneExport.least(rangeOwner), rangeOwner);
            measure("ReduceMax", BackboneExport.greatest(rangeOwner), rangeOwner);
        }
        return value;
    }

    private void measure(String type, String name, String value) {
        write(type, name, List.of(value), POSITIONS_AND_CHANNELS, Attribute.of("keepdims", 0));
        output(name, Shape.of());
    }
}
