package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.network.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchedSafetensorsTest {
    /// As PyTorch's users publish them: texts, a counter, names that are not sorted, spaces behind the header.
    private static final String HEADER = "{\"__metadata__\":{\"z\":\"first\",\"format\":\"pt\"},"
            + "\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"conv.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[20,28]},"
            + "\"bn.weight\":{\"data_offsets\":[8,20],\"dtype\":\"F32\",\"shape\":[3]},"
            + "\"half\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[28,34]},"
            + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[34,36]}}      ";

    private static final byte[] DATA = ByteBuffer.allocate(36)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(1_234_567_890_123L)
            .putFloat(1)
            .putFloat(2)
            .putFloat(3)
            .putFloat(4)
            .putFloat(5)
            .putShort(Float.floatToFloat16(6))
            .putShort(Float.floatToFloat16(7))
            .putShort(Float.floatToFloat16(8))
            .putShort((short) (Float.floatToRawIntBits(9) >>> 16))
            .array();

    @TempDir
    private Path directory;

    @Test
    void changesNothingButTheBytesOfTheReplacedTensors() throws IOException {
        byte[] published = published();
        byte[] patched = patched(Map.of("conv.weight", FloatTensor.of(Shape.of(2, 1), -4, -5)));

        byte[] expected = published.clone();
        ByteBuffer.wrap(expected)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(dataStart(published) + 20, -4)
                .putFloat(dataStart(published) + 24, -5);
        assertThat(patched).isEqualTo(expected);
        assertThat(patched(Map.of())).isEqualTo(published);
    }

    @Test
    void writesFloat32WhereFewerBitsWerePublishedAndKeepsTheOrderOfNames() throws IOException {
        byte[] patched = patched(Map.of("half", FloatTensor.of(Shape.of(3), 6.0001f, 7, 8)));

        String header = new String(patched, 8, dataStart(patched) - 8, StandardCharsets.UTF_8);
        assertThat(header.strip())
                .isEqualTo("{\"__metadata__\":{\"z\":\"first\",\"format\":\"pt\"},"
                        + "\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                        + "\"conv.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[20,28]},"
                        + "\"bn.weight\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[8,20]},"
                        + "\"half\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[28,40]},"
                        + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[40,42]}}");
        byte[] data = Arrays.copyOfRange(patched, dataStart(patched), patched.length);
        assertThat(Arrays.copyOf(data, 28)).isEqualTo(Arrays.copyOf(DATA, 28));
        assertThat(Arrays.copyOfRange(data, 40, 42)).isEqualTo(Arrays.copyOfRange(DATA, 34, 36));
        try (Safetensors file = Safetensors.of(patched)) {
            assertThat(file.tensor("half").toArray()).containsExactly(6.0001f, 7, 8);
            assertThat(file.tensor("brain").toArray()).containsExactly(9);
        }
    }

    /// PyTorch refuses to see numbers of four bytes at a place that is no multiple of four.
    @Test
    void beginsEveryTensorAtAMultipleOfTheSizeOfItsElements() throws IOException {
        byte[] patched = patched(Map.of("brain", FloatTensor.of(Shape.of(1), 9.5f)));
        SafetensorsHeader header = SafetensorsHeader.read(java.lang.foreign.MemorySegment.ofArray(patched));
        assertThat(header.dataStart() % 8).isZero();
        assertThat(header.entries().values())
                .allSatisfy(entry ->
                        assertThat(entry.begin() % entry.dtype().sizeBytes()).isZero());
        assertThat(header.entries().get("brain").begin()).isEqualTo(28);
        assertThat(header.entries().get("half").begin()).isEqualTo(32);
        try (Safetensors file = Safetensors.of(patched)) {
            assertThat(file.tensor("half").toArray()).containsExactly(6, 7, 8);
        }
    }

    @Test
    void aGridOfPositionsMayHaveAnotherSize() throws IOException {
        Shape published = Shape.of(1, 5, 2);
        Map<String, FloatTensor> tensors = Map.of(
                "pos_embed", FloatTensor.of(published, new float[10]), "norm", FloatTensor.of(Shape.of(2), 1, 2));
        Files.write(directory.resolve("vit"), SafetensorsWriter.toBytes(Map.of(), tensors));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FloatTensor larger = FloatTensor.of(Shape.of(1, 10, 2), new float[20]);
        write(directory.resolve("vit"), Map.of("pos_embed", larger), out);
        try (Safetensors file = Safetensors.of(out.toByteArray())) {
            assertThat(file.shape("pos_embed")).isEqualTo(larger.shape());
            assertThat(file.tensor("norm").toArray()).containsExactly(1, 2);
        }
        FloatTensor noSquare = FloatTensor.of(Shape.of(1, 7, 2), new float[14]);
        assertThatThrownBy(() -> write(directory.resolve("vit"), Map.of("pos_embed", noSquare), out))
                .isInstanceOf(MalformedWeightsException.class);
    }

    @Test
    void refusesWhatCannotReplaceAndWritesNothing() throws IOException {
        FloatTensor two = FloatTensor.of(Shape.of(2, 1), 1, 2);
        assertRefused(Map.of("conv.bias", two), Malformation.MISSING_TENSOR);
        assertRefused(Map.of("bn.weight", two), Malformation.WRONG_SHAPE);
        assertRefused(Map.of("bn.num_batches_tracked", FloatTensor.of(Shape.of(), 1)), Malformation.WRONG_DTYPE);
        assertRefused(Map.of("conv.weight", FloatTensor.of(Shape.of(2, 1), 1, Float.NaN)), Malformation.NOT_FINITE);
    }

    /// The weights that come with this library are those that timm published.
    @Test
    void patchesThePublishedWeightsOfTheDefaultBackbone() throws IOException {
        byte[] published;
        try (var in = BundledWeights.class.getResourceAsStream("tf_efficientnet_lite0.in1k.safetensors")) {
            published = in.readAllBytes();
        }
        Path file = Files.write(directory.resolve("published"), published);
        Set<String> replaced = new TreeSet<>(Set.of("conv_head.weight", "bn2.bias"));
        ByteArrayOutputStream out = new ByteArrayOutputStream(published.length);
        try (Safetensors weights = Safetensors.open(file)) {
            PatchedSafetensors.write(
                    weights,
                    Map.of(
                            "conv_head.weight",
                            negated(weights, "conv_head.weight"),
                            "bn2.bias",
                            negated(weights, "bn2.bias")),
                    out);
            byte[] patched = out.toByteArray();
            assertThat(patched).hasSameSizeAs(published);
            try (Safetensors again = Safetensors.of(patched)) {
                assertThat(again.describe()).isEqualTo(weights.describe());
                assertThat(again.metadata()).isEqualTo(weights.metadata());
                for (String name : weights.names()) {
                    assertThat(again.data(name).mismatch(weights.data(name)) == -1)
                            .as(name)
                            .isEqualTo(!replaced.contains(name));
                }
            }
            assertThat(Arrays.copyOf(patched, dataStart(patched)))
                    .isEqualTo(Arrays.copyOf(published, dataStart(published)));
        }
    }

    private static FloatTensor negated(Weights weights, String name) {
        float[] values = weights.tensor(name).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
        return FloatTensor.of(weights.shape(name), values);
    }

    private void assertRefused(Map<String, FloatTensor> replaced, Malformation malformation) throws IOException {
        Path file = Files.write(directory.resolve("published"), published());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> write(file, replaced, out))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(malformation));
        assertThat(out.size()).isZero();
    }

    private byte[] patched(Map<String, FloatTensor> replaced) throws IOException {
        Path file = Files.write(directory.resolve("published"), published());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(file, replaced, out);
        return out.toByteArray();
    }

    private static void write(Path published, Map<String, FloatTensor> replaced, OutputStream out) throws IOException {
        try (Safetensors file = Safetensors.open(published)) {
            PatchedSafetensors.write(file, replaced, out);
        }
    }

    private static byte[] published() {
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + DATA.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(DATA)
                .array();
    }

    private static int dataStart(byte[] file) {
        return 8
                + Math.toIntExact(
                        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }
}
