package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// A graph in float32 that gives, beside its result, the ends of every value that the same graph in eight bits keeps
/// as bytes, for each picture: what one number in 10,000 lies beyond, so that a few odd positions of a map do not
/// coarsen all others.
final class MeasuringGraph extends EightBitGraph {
    private static final long NUMBERS_FOR_EACH_BEYOND = 10_000;
    private static final Attribute NUMBERS_OF_A_PICTURE = Attribute.of("axes", new long[] {1});

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
            measure(rangeOwner);
        }
        return value;
    }

    private void measure(String value) {
        String numbers = write("Flatten", value + "/numbers", List.of(value), Attribute.of("axis", 1));
        String size = write("Shape", value + "/size", List.of(numbers), Attribute.of("start", 1));
        String share = integers("const.numbersForEachBeyond", Shape.of(1), NUMBERS_FOR_EACH_BEYOND);
        String beyond = write("Div", value + "/beyond", List.of(size, share));
        String rank = write("Add", value + "/rank", List.of(beyond, integers("const.one", Shape.of(1), 1)));
        String lowest = outermost(value + "/lowest", numbers, rank, false);
        end("ReduceMax", BackboneExport.least(value), lowest);
        String highest = outermost(value + "/highest", numbers, rank, true);
        end("ReduceMin", BackboneExport.greatest(value), highest);
    }

    private void end(String type, String name, String outermost) {
        write(type, name, List.of(outermost), NUMBERS_OF_A_PICTURE, Attribute.of("keepdims", 0));
        output(name, Shape.of());
    }
}
