package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    private static final String TWO_FLOATS = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

    @TempDir
    private Path directory;

    @Test
    void readsTensorsAndMetadata() {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2)
                .array();
        try (Safetensors file = Safetensors.of(
                file("{'__metadata__':{'by':'me'},'a':{'dtype':'F32','shape':[2,1],'data_offsets':[0,8]}}  ", data))) {
            assertThat(file.metadata()).containsEntry("by", "me");
            assertThat(file.names()).containsExactly("a");
            assertThat(file.describe()).containsEntry("a", "F32 2x1");
            assertThat(file.tensor("a").shape()).isEqualTo(Shape.of(2, 1));
            assertThat(file.tensor("a").toArray()).containsExactly(1.5f, -2f);
            assertThat(file.tensor("a").at(1)).isEqualTo(-2f);
        }
    }

    @Test
    void readsEmptyTensorsAndScalars() {
        String header = "{'e':{'dtype':'F32','shape':[0,3],'data_offsets':[0,0]},"
                + "'s':{'dtype':'F32','shape':[],'data_offsets':[0,4]}}";
        try (Safetensors file = Safetensors.of(file(header, new byte[4]))) {
            assertThat(file.tensor("e").toArray()).isEmpty();
            assertThat(file.tensor("s").toArray()).containsExactly(0f);
        }
    }

    @Test
    void widensHalvesBrainFloatsAndNarrowsDoubles() {
        byte[] data = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(0.333f))
                .putShort((short) (Float.floatToRawIntBits(-7.5f) >>> 16))
                .putDouble(Math.PI)
                .array();
        String header = "{'h':{'dtype':'F16','shape':[1],'data_offsets':[0,2]},"
                + "'b':{'dtype':'BF16','shape':[1],'data_offsets':[2,4]},"
                + "'d':{'dtype':'F64','shape':[1],'data_offsets':[4,12]}}";
        try (Safetensors file = Safetensors.of(file(header, data))) {
            assertThat(file.tensor("h").at(0)).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(0.333f)));
            assertThat(file.tensor("b").at(0)).isEqualTo(-7.5f);
            assertThat(file.tensor("d").at(0)).isEqualTo((float) Math.PI);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HEADER_NOT_JSON | []",
                "HEADER_NOT_JSON | {'a':",
                "HEADER_NOT_JSON | {} {}",
                "HEADER_NOT_JSON | {'a' 1}",
                "HEADER_NOT_JSON | {/*a*/}",
                "HEADER_NOT_JSON | {'a':{'dtype':'F32','shape':[2,],'data_offsets':[0,8]}}",
                "HEADER_NOT_JSON | {'a':{'dtype':'F32','shape':[02],'data_offsets':[0,8]}}",
                "HEADER_NOT_JSON | {'a':{'dtype':'F32','shape':[NaN],'data_offsets':[0,8]}}",
                "BAD_ENTRY | {'a':[[[[[[[[]]]]]]]]}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[[2]],'data_offsets':[0,8]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8e0]}}",
                "BAD_ENTRY | {'__metadata__':null}",
                "BAD_ENTRY | {'__metadata__':{'a':1}}",
                "BAD_ENTRY | {'__metadata__':[]}",
                "DUPLICATE_KEY | {'__metadata__':{'a':'1','a':'2'}}",
                "DUPLICATE_KEY | {'__metadata__':{},'__metadata__':{}}",
                "BAD_ENTRY | {'a':1}",
                "BAD_ENTRY | {'a':{}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2],'data_offsets':[8]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
                "BAD_ENTRY | {'a':{'dtype':'F32','shape':[36893488147419103232],'data_offsets':[0,8]}}",
                "BAD_ENTRY | {'a':{'dtype':7,'shape':[2],'data_offsets':[0,8]}}",
                "DUPLICATE_KEY | {'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                "DUPLICATE_KEY | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                "UNKNOWN_DTYPE | {'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}",
                "UNKNOWN_DTYPE | {'a':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}}",
                "BAD_SHAPE | {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
                "BAD_SHAPE | {'a':{'dtype':'F32','shape':[4294967298],'data_offsets':[0,8]}}",
                "BAD_SHAPE | {'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}}",
                "SIZE_MISMATCH | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
                "SIZE_MISMATCH | {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
                "SIZE_MISMATCH | {'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}",
                "BAD_SHAPE | {'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}}",
                "OVERLAP | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[0],'data_offsets':[4,4]}}",
                "OVERLAP | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                "HOLE | {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                "HOLE | {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'U8','shape':[6],'data_offsets':[2,8]}}",
                "DATA_BEYOND_FILE | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
                "TRAILING_BYTES | {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
                "TRAILING_BYTES | {}"
            })
    void refusesEveryMalformedHeader(Malformation expected, String header) {
        assertRefused(file(header, new byte[8]), expected);
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 7F800000, 4",
        "F32, FF800000, 4",
        "F32, 7FC00000, 4",
        "F16, 7C00, 2",
        "F16, FE00, 2",
        "BF16, 7F80, 2",
        "BF16, FFC0, 2",
        "F64, 7FF0000000000000, 8",
        "F64, 7FF8000000000000, 8",
        "F64, 7FE0000000000000, 8"
    })
    void refusesValuesThatAreNotFiniteInSinglePrecision(String dtype, String bits, int sizeBytes) {
        byte[] value = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Long.parseUnsignedLong(bits, 16))
                .array();
        String header = "{'a':{'dtype':'%s','shape':[2],'data_offsets':[0,%d]}}".formatted(dtype, 2 * sizeBytes);
        byte[] data = ByteBuffer.allocate(2 * sizeBytes)
                .put(sizeBytes, value, 0, sizeBytes)
                .array();
        assertRefused(file(header, data), Malformation.NOT_FINITE);
    }

    @Test
    void refusesFilesTooShortForALength() {
        assertRefused(new byte[0], Malformation.TOO_SHORT);
        assertRefused(new byte[7], Malformation.TOO_SHORT);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 100_000_001, Long.MAX_VALUE})
    void refusesHeadersLongerThanTheLimitWithoutReadingThem(long headerBytes) {
        byte[] file = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerBytes)
                .array();
        assertRefused(file, Malformation.HEADER_TOO_LARGE);
    }

    @Test
    void refusesHeadersThatEndAfterTheFile() {
        byte[] file = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(57)
                .array();
        assertRefused(file, Malformation.HEADER_BEYOND_FILE);
    }

    @Test
    void refusesPicklesByTheirContent() {
        assertRefused(new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.'}, Malformation.PICKLE);
        assertRefused(
                new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, (byte) 0x9c, 'F', (byte) 0xf9, ' '},
                Malformation.PICKLE);
        assertRefused(
                "PK\3\4\0\0\10\10\0\0archive/data.pkl".getBytes(StandardCharsets.ISO_8859_1), Malformation.PICKLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(dp0\n.", "ccollections\nOrderedDict\n(tR.", "}q\0.", "]q\0(K\1e."})
    void refusesPicklesOfTheOldProtocols(String pickle) {
        assertRefused(pickle.getBytes(StandardCharsets.ISO_8859_1), Malformation.PICKLE);
    }

    /// The ninth byte of the second one is a brace, as in a safetensors file.
    @Test
    void refusesPicklesThatImitateAHeader() {
        assertRefused("PK\3\4\24\0\0\0{\0archive/data.pkl".getBytes(StandardCharsets.ISO_8859_1), Malformation.PICKLE);
        byte[] framed = {(byte) 0x80, 4, (byte) 0x95, 0, 0, 0, 0, 0, '{', 0, 0, '}', '.'};
        assertRefused(framed, Malformation.PICKLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-32LE"})
    void refusesHeadersInOtherEncodings(String encoding) {
        byte[] json = TWO_FLOATS.replace('\'', '"').getBytes(Charset.forName(encoding));
        byte[] file = ByteBuffer.allocate(8 + json.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
        assertRefused(file, Malformation.HEADER_NOT_JSON);
    }

    /// The two names would become one if what is not UTF-8 were replaced.
    @Test
    void refusesNamesThatAreNotUtf8() {
        byte[] bytes = file("{'\1':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", new byte[8]);
        bytes[10] = (byte) 0xFF;
        assertRefused(bytes, Malformation.HEADER_NOT_JSON);
    }

    @Test
    void seesThroughEscapesInNames() {
        assertRefused(
                file(
                        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                                + "'\\u0061':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
                        new byte[8]),
                Malformation.DUPLICATE_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'__metadata__':{%s}}", "{%s}"})
    void refusesMoreEntriesThanItIsReadyToKeep(String header) {
        boolean texts = header.contains("__metadata__");
        String entry = texts ? "'%d':''" : "'%d':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}";
        String entries =
                IntStream.rangeClosed(0, 100_000).mapToObj(entry::formatted).collect(Collectors.joining(","));
        assertRefused(file(header.formatted(entries), new byte[0]), Malformation.TOO_MANY_ENTRIES);
    }

    /// The parser collects a text in several times its memory, so that a long one must be given up on the way.
    @Test
    void givesUpALongTextBeforeItTakesTheMemoryOfTheFile() {
        byte[] file = file("{'__metadata__':{'note':'%s'}}".formatted("a".repeat(30_000_000)), new byte[0]);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        assertRefused(file, Malformation.HEADER_NOT_JSON);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(file.length);
    }

    @Test
    void keepsMessagesShortAndOnOneLine() {
        String name = "a\\n" + "b".repeat(40_000);
        byte[] file = file("{'%s':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}".formatted(name), new byte[8]);
        assertThatThrownBy(() -> Safetensors.of(file))
                .hasMessageStartingWith("a�bbb")
                .hasMessageEndingWith("… (SIZE_MISMATCH)")
                .message()
                .hasSizeLessThan(1100);
    }

    @Test
    void tellsWhereAHeaderStopsBeingJson() {
        assertThatThrownBy(() -> Safetensors.of(file("{'a' 1}", new byte[8])))
                .hasMessage("the header stops being JSON at character 5 (HEADER_NOT_JSON)");
        String number = "9".repeat(2000);
        assertThatThrownBy(() -> Safetensors.of(file("{'a':{'shape':[%s]}}".formatted(number), new byte[8])))
                .hasMessageEndingWith("(HEADER_NOT_JSON)")
                .hasMessageNotContaining("com.fasterxml");
    }

    @Test
    void takesHeadersWhoseLengthLooksLikeAPickle() {
        String header = TWO_FLOATS + " ".repeat(0x280 - TWO_FLOATS.length());
        try (Safetensors file = Safetensors.of(file(header, new byte[8]))) {
            assertThat(file.names()).containsExactly("a");
        }
    }

    @Test
    void refusesToWidenIntegers() {
        try (Safetensors file =
                Safetensors.of(file("{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}", new byte[8]))) {
            assertThatThrownBy(() -> file.tensor("a"))
                    .isInstanceOfSatisfying(
                            MalformedWeightsException.class,
                            e -> assertThat(e.malformation()).isEqualTo(Malformation.WRONG_DTYPE));
        }
    }

    @Test
    void failsCleanlyWhenReadAfterClosing() throws IOException {
        Path path = Files.write(directory.resolve("a.safetensors"), file(TWO_FLOATS, new byte[8]));
        Safetensors file = Safetensors.open(path);
        FloatTensor tensor = file.tensor("a");
        file.close();
        assertThatThrownBy(() -> tensor.at(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mapsFilesOfMoreThanTwoGibibytes() throws IOException {
        long floats = 1L << 29;
        String header = "{'a':{'dtype':'U8','shape':[1024,2097152],'data_offsets':[0,%d]},".formatted(4 * floats)
                + "'b':{'dtype':'F32','shape':[1],'data_offsets':[%d,%d]}}".formatted(4 * floats, 4 * floats + 4);
        byte[] start = file(header, new byte[0]);
        Path path = directory.resolve("large.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.write(start);
            sparse.setLength(start.length + 4 * floats + 4);
            sparse.seek(start.length + 4 * floats);
            sparse.write(new byte[] {0, 0, (byte) 0x80, 0x3F});
        }
        try (Safetensors file = Safetensors.open(path)) {
            assertThat(file.tensor("b").at(0)).isEqualTo(1f);
        }
    }

    static byte[] file(String header, byte[] data) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    private void assertRefused(byte[] bytes, Malformation expected) {
        MalformedWeightsException inMemory = catchThrowableOfType(
                MalformedWeightsException.class, () -> Safetensors.of(bytes).close());
        assertThat(inMemory).isNotNull();
        assertThat(inMemory.malformation()).as(inMemory.getMessage()).isEqualTo(expected);
        assertThat(inMemory).hasMessageEndingWith(" (%s)", expected);
        assertThatThrownBy(() -> {
                    Path path = Files.write(directory.resolve("bad.safetensors"), bytes);
                    Safetensors.open(path).close();
                })
                .isInstanceOf(MalformedWeightsException.class)
                .hasMessage(inMemory.getMessage());
    }
}
