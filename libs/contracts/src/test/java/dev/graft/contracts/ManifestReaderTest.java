package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
    private static final String ID = "0a".repeat(32);
    private static final String ENTRY = "{\"imageId\":\"%s\",\"label\":\"ants\"}".formatted(ID);

    @Test
    void readsEntriesAndPassesBlankLinesAndUnknownMembersOver() throws Exception {
        String text = "\n{\"imageId\":\"%s\",\"label\":\"bü\",\"split\":\"val\",\"new\":[1]}\r\n \t\r\n%s"
                .formatted(ID, ENTRY);

        assertThat(entries(stream(text)))
                .containsExactly(new ManifestEntry(ID, "bü", Split.VALIDATION), new ManifestEntry(ID, "ants", null));
        assertThat(entries(stream(""))).isEmpty();
    }

    /// More than the buffer holds, in lines of many lengths, so that one of them lies across each end of the
    /// buffer.
    @Test
    void readsEveryLineOfAManifestThatIsLargerThanTheBuffer() throws Exception {
        List<String> labels =
                IntStream.range(0, 2_000).mapToObj(i -> "l".repeat(1 + i % 200)).toList();
        String text = labels.stream()
                .map(label -> "{\"imageId\":\"%s\",\"label\":\"%s\"}\n".formatted(ID, label))
                .collect(Collectors.joining());

        assertThat(entries(stream(text))).extracting(ManifestEntry::label).isEqualTo(labels);
        assertThat(entries(slowly(stream(text))))
                .extracting(ManifestEntry::label)
                .isEqualTo(labels);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "null",
                "[]",
                "{}",
                "{\"imageId\":\"cat\",\"label\":\"x\"}",
                "{\"label\":\"x\"}",
                "{} {}"
            })
    void saysWhichLineIsNoEntry(String line) {
        assertThatThrownBy(() -> entries(stream(ENTRY + "\n\n" + line + "\n" + ENTRY)))
                .isInstanceOfSatisfying(
                        MalformedManifestException.class,
                        malformed -> assertThat(malformed.line()).isEqualTo(3));
    }

    /// What a client names as a manifest may be an archive of any size without a line feed.
    @Test
    void readsNoFurtherThanTheLongestLineOfWhatIsNoManifest() {
        Endless zeros = new Endless();

        assertThatThrownBy(() -> entries(zeros))
                .isInstanceOf(MalformedManifestException.class)
                .hasMessageContaining("more than 4,096 bytes");
        // Far less than the heap of any service; a buffer is 64 KiB.
        assertThat(zeros.sizeBytes).isLessThanOrEqualTo(1 << 17);
    }

    @Test
    void readsALineOfTheGreatestLengthAndNoLongerOne() throws Exception {
        String longest = ENTRY + " ".repeat(ManifestReader.MAX_LINE_SIZE_BYTES - ENTRY.length());

        assertThat(entries(stream(longest + "\n" + longest))).hasSize(2);
        assertThatThrownBy(() -> entries(stream(longest + " "))).isInstanceOf(MalformedManifestException.class);
    }

    private static List<ManifestEntry> entries(InputStream manifest) throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        try (ManifestReader reader = new ManifestReader(manifest)) {
            for (Optional<ManifestEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                entries.add(entry.get());
            }
        }
        return entries;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Gives few bytes at once, as a connection may.
    private static InputStream slowly(InputStream stream) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return stream.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return stream.read(bytes, offset, Math.min(length, 7));
            }
        };
    }

    private static final class Endless extends InputStream {
        private long sizeBytes;

        @Override
        public int read() {
            sizeBytes++;
            return 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 0);
            sizeBytes += length;
            return length;
        }
    }
}
