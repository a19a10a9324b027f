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
import java.util.stream.Stream;

/// Makes a graph whose maps and filters are eight-bit integers of a graph in float32. They are written as pairs of
/// `QuantizeLinear` and `DequantizeLinear` around float32 nodes (QDQ), which runtimes fuse: maps uint8 with one fixed
/// range each, filters int8 and symmetric with a scale for each output channel, biases int32 with the product of both
/// scales.
///
/// ONNX Runtime convolves bytes without copying patches first where the channels are a multiple of four
/// (`MlasConvSym`), and keeps them with channels last. So the convolution of the images is made one of blocks
/// ([SpaceToDepth]) where that suits, else the images get a fourth channel of zeros.
final class Quantiser {
    private static final String BYTES = "/bytes";
    private static final String RESTORED = "/restored";
    private static final Attribute PER_CHANNEL = Attribute.of("axis", 0);
    private static final Attribute CHANNELS_LAST = Attribute.of("perm", new long[] {0, 2, 3, 1});
    private static final Attribute CHANNELS_FIRST = Attribute.of("perm", new long[] {0, 3, 1, 2});

    private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GraphBuilder quantised;
    private final ByteValues byteValues;
    private final Quantisation quantisation;

    /// The constants of the graph, each of which is written when it is known who reads it.
    private final Map<String, Constant.Floats> constants = new HashMap<>();

    /// The scales of the values that were restored from bytes.
    private final Map<String, Float> scales = new HashMap<>();

    /// What the values are that are computed in blocks, `[channels, height, width]`.
    private final Map<String, Shape> inBlocks = new HashMap<>();

    /// How the images are convolved in blocks, if they are.
    private Optional<SpaceToDepth> imageBlocks = Optional.empty();

    private Quantiser(GraphBuilder quantised, ByteValues byteValues, Quantisation quantisation) {
        this.quantised = quantised;
        this.byteValues = byteValues;
        this.quantisation = quantisation;
    }

    /// Returns the same network in eight bits.
    ///
    /// @param graph      the network in float32
    /// @param byteValues the values of it that are kept as bytes
    /// @throws IllegalArgumentException when a range is missing
    static OnnxGraph quantise(OnnxGraph graph, ByteValues byteValues, Quantisation quantisation) {
        Quantiser pass = new Quantiser(new GraphBuilder(graph.name()), byteValues, quantisation);
        graph.elements().forEach(pass::add);
        return pass.quantised.build();
    }

    private void add(GraphElement element) {
        switch (element) {
            case Constant.Floats floats -> remember(floats);
            case Constant.Raw _, Constant.Integers _, GraphElement.Input _, GraphElement.Output _ ->
                quantised.add(element);
            case GraphNode.Convolution node -> addConvolution(node);
            case GraphNode.BatchNormalization node -> addNormalisation(node);
            case GraphNode.Operation node -> addWithBytes(node);
        }
    }

    private void addNormalisation(GraphNode.BatchNormalization node) {
        ChannelConvolution channels = new ChannelConvolution(
                node, node.inputs().stream().skip(1).map(this::constant).toList());
        remember(channels.factors());
        remember(channels.shifts());
        addWithBytes(channels.convolution());
    }

    private void addConvolution(GraphNode.Convolution node) {
        if (isImages(node.inputs().getFirst()) && SpaceToDepth.suits(node.sweep())) {
            SpaceToDepth spaceToDepth = new SpaceToDepth(node.sweep());
            imageBlocks = Optional.of(spaceToDepth);
            inBlocks.put(node.name(), node.sweep().output());
            addWithBytes(inBlocks(node, spaceToDepth));
        } else {
            addWithBytes(node);
        }
    }

    private GraphNode inBlocks(GraphNode.Convolution node, SpaceToDepth blocks) {
        Constant.Floats filters = constant(node.inputs().get(1));
        Stream<String> taken = Stream.of(
                node.inputs().getFirst(),
                remember(new Constant.Floats(
                        filters.name() + "/paired",
                        blocks.filterShape(filters.shape()),
                        () -> blocks.filters(filters.content().get()))));
        Shape channels = Shape.of(blocks.ofBlocks().output().at(0));
        Stream<String> bias = node.inputs().stream()
                .skip(2)
                .map(this::constant)
                .map(biases -> remember(new Constant.Floats(
                        biases.name() + "/paired",
                        channels,
                        () -> SpaceToDepth.biases(biases.content().get()))));
        return new GraphNode.Convolution(
                node.name(), Stream.concat(taken, bias).toList(), blocks.ofBlocks(), node.groups());
    }

    /// Adds a node that reads bytes where its inputs are kept so.
    private void addWithBytes(GraphNode node) {
        List<String> inputs = node.inputs().stream()
                .map(input -> byteValues.areRead(node, input) ? restored(input) : input)
                .toList();
        Float scale = scales.get(inputs.getFirst());
        List<String> taken =
                scale != null && node.operator() == Operator.CONV ? withByteFilters(inputs, scale) : inputs;
        write(node.withInputs(taken));
    }

    /// Adds a node whose inputs are settled, and the constants that it is the first to read.
    private String write(GraphNode node) {
        Shape map = inBlocks.get(node.inputs().getFirst());
        if (map != null && ByteValues.isLimit(node)) {
            inBlocks.put(node.name(), map);
        }
        node.inputs().stream()
                .filter(constants::containsKey)
                .map(this::constant)
                .forEach(quantised::add);
        quantised.add(node);
        return node.name();
    }

    private String write(Operator operator, String name, List<String> inputs, Attribute... attributes) {
        return write(new GraphNode.Operation(operator, inputs, List.of(name), List.of(attributes)));
    }

    /// Returns what a node reads in place of a value that is kept as bytes.
    private String restored(String value) {
        String restored = value + RESTORED;
        if (scales.containsKey(restored)) {
            return restored;
        }
        String rangeOwner = byteValues.rangeOwner(value);
        Range range = quantisation.ranges().of(rangeOwner);
        String scale = remember(new Constant.Floats(
                rangeOwner + "/scale", Shape.of(), () -> FloatTensor.of(Shape.of(), range.scale())));
        MemorySegment zeroPoint = MemorySegment.ofArray(new byte[] {(byte) range.zeroPoint()});
        String zero = raw(rangeOwner + "/zero", ElementType.UINT8, Shape.of(), () -> zeroPoint);
        String bytes = write(Operator.QUANTIZE_LINEAR, value + BYTES, List.of(value, scale, zero));
        String arranged = arranged(value, bytes, zero);
        scales.put(restored, range.scale());
        return write(Operator.DEQUANTIZE_LINEAR, restored, List.of(arranged, scale, zero));
    }

    private String arranged(String value, String bytes, String zero) {
        if (isImages(value)) {
            return imageBlocks
                    .map(blocks -> withColumns(bytes, blocks.ofBlocks().input()))
                    .orElseGet(() -> withFourthChannel(bytes, zero));
        }
        Shape map = inBlocks.get(value);
        return map == null ? bytes : withColumns(bytes, map);
    }

    /// Writes another number of columns as other channels, or the reverse. Runtimes that keep channels last have
    /// nothing to move.
    private String withColumns(String bytes, Shape map) {
        String channelsLast = write(Operator.TRANSPOSE, bytes + "/channelsLast", List.of(bytes), CHANNELS_LAST);
        String rows = quantised.integers(bytes + "/shape", Shape.of(4), 0, map.at(1), map.at(2), map.at(0));
        String counted = write(Operator.RESHAPE, bytes + "/columns", List.of(channelsLast, rows));
        return write(Operator.TRANSPOSE, bytes + "/channelsFirst", List.of(counted), CHANNELS_FIRST);
    }

    private String withFourthChannel(String images, String zero) {
        MemorySegment added = MemorySegment.ofArray(new byte[8 * Long.BYTES]);
        int channelsAtTheEnd = 5;
        added.setAtIndex(LITTLE_ENDIAN_LONG, channelsAtTheEnd, 1);
        String amounts = raw("const.fourthChannel", ElementType.INT64, Shape.of(8), () -> added);
        return write(Operator.PAD, images + "/widened", List.of(images, amounts, zero));
    }

    private List<String> withByteFilters(List<String> inputs, float inputScale) {
        Constant.Floats weight = constant(inputs.get(1));
        Optional<Constant.Floats> bias = inputs.stream().skip(2).findFirst().map(this::constant);
        boolean widened = inputs.getFirst().equals(byteValues.images() + RESTORED) && imageBlocks.isEmpty();
        Constant.Floats floats = widened ? withFourthChannel(weight) : weight;
        Shape shape = floats.shape();
        EightBitFilters filters =
                new EightBitFilters(floats.content(), bias.map(Constant.Floats::content), inputScale, greatest(shape));
        Shape channels = Shape.of(shape.at(0));
        String bytes = raw(weight.name() + BYTES, ElementType.INT8, shape, filters::weights);
        String scale = remember(new Constant.Floats(weight.name() + "/scale", channels, filters::scales));
        // Zeros are what a missing input means; but ONNX Runtime 1.29 ends the process where it is missing, when it
        // makes weights unsigned for processors without VNNI (session.x64quantprecision).
        String zeros = raw(
                weight.name() + "/zeros",
                ElementType.INT8,
                channels,
                () -> MemorySegment.ofArray(new byte[shape.at(0)]));
        List<String> taken = new ArrayList<>(List.of(inputs.getFirst()));
        taken.add(
                write(Operator.DEQUANTIZE_LINEAR, weight.name() + RESTORED, List.of(bytes, scale, zeros), PER_CHANNEL));
        bias.map(Constant.Floats::name).ifPresent(name -> {
            String integers = raw(name + "/integers", ElementType.INT32, channels, filters::biases);
            String biasScale = remember(new Constant.Floats(name + "/scale", channels, filters::biasScales));
            taken.add(write(Operator.DEQUANTIZE_LINEAR, name + RESTORED, List.of(integers, biasScale), PER_CHANNEL));
        });
        return taken;
    }

    private static Constant.Floats withFourthChannel(Constant.Floats filters) {
        Shape shape = filters.shape();
        Shape widened = Shape.of(shape.at(0), shape.at(1) + 1, shape.at(2), shape.at(3));
        int perFilter = Math.toIntExact(shape.elements() / shape.at(0));
        int perWidened = Math.toIntExact(widened.elements() / shape.at(0));
        return new Constant.Floats(filters.name(), widened, () -> {
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

    private boolean isImages(String value) {
        return value.equals(byteValues.images());
    }

    /// Keeps a constant until it is known who reads it.
    private String remember(Constant.Floats constant) {
        constants.putIfAbsent(constant.name(), constant);
        return constant.name();
    }

    private String raw(String name, ElementType type, Shape shape, Supplier<MemorySegment> content) {
        quantised.add(new Constant.Raw(name, type, shape, content));
        return name;
    }

    private Constant.Floats constant(String name) {
        Constant.Floats constant = constants.get(name);
        if (constant == null) {
            throw new IllegalStateException(name + " is not constant");
        }
        return constant;
    }
}
