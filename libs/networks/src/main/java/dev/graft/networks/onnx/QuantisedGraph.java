package dev.graft.networks.onnx;

import dev.graft.networks.network.Shape;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.quantisation.Range;
import dev.graft.networks.quantisation.WeightBits;
import dev.graft.networks.weights.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A graph whose maps and filters are eight-bit integers, written as pairs of `QuantizeLinear` and
/// `DequantizeLinear` around float32 nodes (QDQ), which runtimes fuse: maps uint8 with one fixed range each,
/// filters int8 and symmetric with a scale for each output channel, biases int32 with the product of both
/// scales. Who adds nodes and constants need not know: it is decided as nodes read them.
///
/// ONNX Runtime convolves bytes without copying patches first where the channels are a multiple of four
/// (`MlasConvSym`), and keeps them with channels last. So the convolution of the pictures takes [PairedColumns] where
/// they suit, else pictures with a fourth channel of zeros.
final class QuantisedGraph extends EightBitGraph {
    private static final String BYTES = "/bytes";
    private static final String RESTORED = "/restored";
    private static final String PAIRED = "/paired";
    private static final Attribute PER_CHANNEL = Attribute.of("axis", 0);
    private static final Attribute CHANNELS_LAST = Attribute.of("perm", new long[] {0, 2, 3, 1});
    private static final Attribute CHANNELS_FIRST = Attribute.of("perm", new long[] {0, 3, 1, 2});

    private static final String PICTURES = BackboneExport.IMAGES + RESTORED;

    private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Quantisation quantisation;
    private final Map<String, Constant> constants = new HashMap<>();
    private final Map<String, Float> scales = new HashMap<>();

    /// What the values are whose columns come by twos, `[channels, height, width]`.
    private final Map<String, Shape> paired = new HashMap<>();

    private Optional<PairedColumns> pictureColumns = Optional.empty();

    QuantisedGraph(String name, Quantisation quantisation) {
        super(name);
        this.quantisation = quantisation;
    }

    private record Constant(Shape shape, Supplier<FloatTensor> content) {}

    /// Remembers a constant until it is known who reads it.
    @Override
    String constant(String name, Shape shape, Supplier<FloatTensor> content) {
        constants.putIfAbsent(name, new Constant(shape, content));
        return name;
    }

    @Override
    String convolution(String name, List<String> inputs, Sweep sweep, int groups) {
        if (!inputs.getFirst().equals(BackboneExport.IMAGES) || !PairedColumns.suit(sweep)) {
            return super.convolution(name, inputs, sweep, groups);
        }
        PairedColumns columns = new PairedColumns(sweep);
        pictureColumns = Optional.of(columns);
        paired.put(name, sweep.output());
        List<String> taken = new ArrayList<>(List.of(inputs.getFirst()));
        Constant filters = constant(inputs.get(1));
        taken.add(constant(
                inputs.get(1) + PAIRED,
                columns.filterShape(filters.shape()),
                () -> columns.filters(filters.content().get())));
        inputs.stream().skip(2).forEach(bias -> {
            Constant biases = constant(bias);
            taken.add(constant(
                    bias + PAIRED,
                    Shape.of(columns.ofBlocks().output().at(0)),
                    () -> PairedColumns.biases(biases.content().get())));
        });
        return super.convolution(name, taken, columns.ofBlocks(), groups);
    }

    /// Writes a convolution with one weight a channel, which runtimes compute in integers as a normalisation they do
    /// not. The weight is the greatest integer, so that nothing is lost.
    @Override
    String batchNormalization(String name, List<String> inputs, double epsilon) {
        List<Constant> terms = inputs.stream().skip(1).map(this::constant).toList();
        int channels = terms.getFirst().shape().at(0);
        Shape filterShape = Shape.of(channels, 1, 1, 1);
        String factors = constant(
                name + "/factors",
                filterShape,
                () -> FloatTensor.of(filterShape, factors(terms.get(0), terms.get(3), epsilon)));
        String shifts = constant(
                name + "/shifts", Shape.of(channels), () -> FloatTensor.of(Shape.of(channels), shifts(terms, epsilon)));
        return node(
                "Conv",
                name,
                List.of(inputs.getFirst(), factors, shifts),
                Attribute.of("kernel_shape", new long[] {1, 1}),
                Attribute.of("group", channels));
    }

    private static float[] factors(Constant weight, Constant variance, double epsilon) {
        float[] factors = weight.content().get().toArray();
        FloatTensor variances = variance.content().get();
        for (int channel = 0; channel < factors.length; channel++) {
            factors[channel] = (float) (factors[channel] / Math.sqrt(variances.at(channel) + epsilon));
        }
        return factors;
    }

    private static float[] shifts(List<Constant> terms, double epsilon) {
        float[] factors = factors(terms.get(0), terms.get(3), epsilon);
        float[] shifts = terms.get(1).content().get().toArray();
        FloatTensor means = terms.get(2).content().get();
        for (int channel = 0; channel < shifts.length; channel++) {
            shifts[channel] = (float) (shifts[channel] - (double) factors[channel] * means.at(channel));
        }
        return shifts;
    }

    @Override
    String bytes(String value, String rangeOwner) {
        String restored = value + RESTORED;
        if (scales.containsKey(restored)) {
            return restored;
        }
        Range range = quantisation.ranges().of(rangeOwner);
        String scale = scalar(rangeOwner + "/scale", range.scale());
        MemorySegment zeroPoint = MemorySegment.ofArray(new byte[] {(byte) range.zeroPoint()});
        String zero = constant(rangeOwner + "/zero", ElementType.UINT8, Shape.of(), () -> zeroPoint);
        String bytes = write("QuantizeLinear", value + BYTES, List.of(value, scale, zero));
        String arranged = arranged(value, bytes, zero);
        scales.put(restored, range.scale());
        return write("DequantizeLinear", restored, List.of(arranged, scale, zero));
    }

    private String arranged(String value, String bytes, String zero) {
        if (value.equals(BackboneExport.IMAGES)) {
            return pictureColumns
                    .map(columns -> withColumns(bytes, columns.ofBlocks().input()))
                    .orElseGet(() -> withFourthChannel(bytes, zero));
        }
        Shape map = paired.get(value);
        return map == null ? bytes : withColumns(bytes, map);
    }

    /// Writes another number of columns as other channels, or the reverse. Runtimes that keep channels last have
    /// nothing to move.
    private String withColumns(String bytes, Shape map) {
        String channelsLast = write("Transpose", bytes + "/channelsLast", List.of(bytes), CHANNELS_LAST);
        String rows = integers(bytes + "/shape", Shape.of(4), 0, map.at(1), map.at(2), map.at(0));
        String counted = write("Reshape", bytes + "/columns", List.of(channelsLast, rows));
        return write("Transpose", bytes + "/channelsFirst", List.of(counted), CHANNELS_FIRST);
    }

    private String withFourthChannel(String pictures, String zero) {
        MemorySegment added = MemorySegment.ofArray(new byte[8 * Long.BYTES]);
        int channelsAtTheEnd = 5;
        added.setAtIndex(LITTLE_ENDIAN_LONG, channelsAtTheEnd, 1);
        String amounts = constant("const.fourthChannel", ElementType.INT64, Shape.of(8), () -> added);
        return write("Pad", pictures + "/widened", List.of(pictures, amounts, zero));
    }

    @Override
    String write(String type, String name, List<String> inputs, Attribute... attributes) {
        Shape map = paired.get(inputs.getFirst());
        if (map != null && LIMITS.contains(type)) {
            paired.put(name, map);
        }
        Float scale = scales.get(inputs.getFirst());
        List<String> taken = scale != null && type.equals("Conv") ? withByteFilters(inputs, scale) : inputs;
        for (String input : taken) {
            Constant constant = constants.get(input);
            if (constant != null) {
                super.constant(input, constant.shape(), constant.content());
            }
        }
        return super.write(type, name, taken, attributes);
    }

    private List<String> withByteFilters(List<String> inputs, float inputScale) {
        String weight = inputs.get(1);
        Optional<String> bias = inputs.stream().skip(2).findFirst();
        boolean widened = inputs.getFirst().equals(PICTURES) && pictureColumns.isEmpty();
        Constant floats = widened ? withFourthChannel(constant(weight)) : constant(weight);
        Shape shape = floats.shape();
        EightBitFilters filters = new EightBitFilters(
                floats.content(), bias.map(name -> constant(name).content()), inputScale, greatest(shape));
        Shape channels = Shape.of(shape.at(0));
        String bytes = constant(weight + BYTES, ElementType.INT8, shape, filters::weights);
        String scale = constant(weight + "/scale", channels, filters::scales);
        List<String> taken = new ArrayList<>(List.of(inputs.getFirst()));
        taken.add(write("DequantizeLinear", weight + RESTORED, List.of(bytes, scale), PER_CHANNEL));
        bias.ifPresent(name -> {
            String integers = constant(name + "/integers", ElementType.INT32, channels, filters::biases);
            String biasScale = constant(name + "/scale", channels, filters::biasScales);
            taken.add(write("DequantizeLinear", name + RESTORED, List.of(integers, biasScale), PER_CHANNEL));
        });
        return taken;
    }

    private static Constant withFourthChannel(Constant filters) {
        Shape shape = filters.shape();
        Shape widened = Shape.of(shape.at(0), shape.at(1) + 1, shape.at(2), shape.at(3));
        int perFilter = Math.toIntExact(shape.elements() / shape.at(0));
        int perWidened = Math.toIntExact(widened.elements() / shape.at(0));
        return new Constant(widened, () -> {
            float[] narrow = filters.content().get().toArray();
            float[] wide = new float[Math.toIntExact(widened.elements())];
            for (int filter = 0; filter < shape.at(0); filter++) {
                System.arraycopy(narrow, filter * perFilter, wide, filter * perWidened, perFilter);
            }
            return FloatTensor.of(widened, wide);
        });
    }

    /// Filters of a single channel may use all eight bits everywhere: they are multiplied one by one, in 16 bits
    /// or more (`MlasConvDepthwise` in ONNX Runtime), not added in pairs.
    private int greatest(Shape filters) {
        boolean depthwise = filters.at(1) == 1;
        return (depthwise ? WeightBits.EIGHT : quantisation.weightBits()).greatest();
    }

    private Constant constant(String name) {
        Constant constant = constants.get(name);
        if (constant == null) {
            throw new IllegalStateException(name + " is not constant");
        }
        return constant;
    }
}
