package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.ingest.Archives;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tars as people have them, and as attackers make them: whatever is lost is named, and nothing large is held.
class OddTarsTest {
    @TempDir
    Path folder;

    private ReadArchives archives;

    @BeforeEach
    void readInTheFolder() {
        archives = new ReadArchives(folder);
    }

    @Test
    void readsConcatenatedArchivesToTheEnd() throws Exception {
        byte[] first = Archives.tar(Map.of("a/1.jpg", new byte[] {1}));
        byte[] second = Archives.tar(Map.of("b/2.jpg", new byte[] {2}));

        assertThat(archives.read(Archives.join(first, second))).containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(archives.read(Archives.gzip(Archives.join(first, second)))).containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(archives.read(Archives.join(Archives.gzip(first), Archives.gzip(second))))
                .containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(archives.read(Archives.stored("cat_of_two.tar.gz"))).hasSize(12);
    }

    @Test
    void tellsOfDataThatFollowsTheEnd() throws Exception {
        byte[] tar = Archives.tar(Map.of("a/1.jpg", new byte[] {1}));
        byte[] other = "something else ".repeat(100).getBytes(UTF_8);
        String notRead =
                "(after the end of the archive): Data of another kind follows the end of the archive. It was not read.";

        assertThat(archives.read(Archives.join(tar, other))).containsExactly("a/1.jpg", notRead);
        assertThat(archives.read(Archives.join(Archives.gzip(tar), other))).containsExactly("a/1.jpg", notRead);
        assertThat(archives.read(Archives.join(Archives.gzip(tar), new byte[5_000])))
                .containsExactly("a/1.jpg");
    }

    @Test
    void refusesAGzipWhoseSecondMemberIsDamaged() {
        byte[] member = Archives.gzip(Archives.tar(Map.of("a/1.jpg", new byte[] {1})));
        byte[] both = Archives.join(member, member);
        both[member.length + 20] ^= 0x55;

        assertThatThrownBy(() -> archives.read(both)).isInstanceOf(ArchiveException.class);
    }

    @Test
    void boundsALongNameBeforeItIsRead() throws Exception {
        Path archive = folder.resolve("long.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive), 1 << 16)) {
            out.write(header("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, 700L << 20));
            byte[] letters = "x".repeat(1 << 20).getBytes(UTF_8);
            for (int i = 0; i < 700; i++) {
                out.write(letters);
            }
        }

        assertThat(Files.size(archive)).isLessThan(1 << 20);
        assertThatThrownBy(() -> ArchiveReader.survey(archive, ReadArchives.LIMITS))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("734,003,200 bytes");
    }

    @Test
    void boundsNamesInExtendedHeadersBeforeTheyAreRead() {
        for (String key : List.of("path", "linkpath", "GNU.sparse.name")) {
            byte[] archive = Archives.join(
                    header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 700L << 20),
                    ((700L << 20) + " " + key + "=xxxx").getBytes(UTF_8));

            assertThatThrownBy(() -> archives.read(archive))
                    .as(key)
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining("The name of a file in it has");
        }
    }

    @Test
    void passesOverLargeAttributesWithoutHoldingThem() throws Exception {
        String attribute = "x".repeat(5_000_000);
        byte[] record = (5_000_100 + " SCHILY.xattr.user.note=" + attribute).getBytes(UTF_8);
        byte[] pax = Archives.join(
                record, "\n".repeat(5_000_100 - record.length).getBytes(UTF_8), "16 path=a/1.jpg\n".getBytes(UTF_8));

        assertThat(archives.read(Archives.join(
                        header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, pax.length),
                        padded(pax),
                        header("short", TarConstants.LF_NORMAL, 0))))
                .containsExactly("a/1.jpg");
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_GNUTYPE_LONGNAME,
                TarConstants.LF_GNUTYPE_LONGLINK,
                TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
            })
    void boundsChainedHeaders(byte type) {
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        for (int i = 0; i < 4_001; i++) {
            chain.writeBytes(header("chained", type, 0));
        }

        assertThatThrownBy(() -> archives.read(chain.toByteArray()))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("4,000 headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x path=a",
                "99 path=a\n",
                "3 path=a\n",
                "0 path=a\n",
                "9999999999999 path=a\n",
                "-5 path=a\n",
                "11 size=ab\n"
            })
    void refusesDamagedExtendedHeaders(String pax) {
        byte[] content = pax.getBytes(UTF_8);

        assertThatThrownBy(() -> archives.read(Archives.join(
                        header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, content.length),
                        padded(content),
                        header("a/1.jpg", TarConstants.LF_NORMAL, 0))))
                .isInstanceOf(ArchiveException.class);
    }

    @Test
    void takesTheSizeFromTheExtendedHeader() throws Exception {
        byte[] pax = "9 size=3\n".getBytes(UTF_8);

        assertThat(archives.contents(Archives.join(
                        header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, pax.length),
                        padded(pax),
                        header("a/1.jpg", TarConstants.LF_NORMAL, 0),
                        padded(new byte[] {1, 2, 3}),
                        header("a/2.jpg", TarConstants.LF_NORMAL, 1),
                        padded(new byte[] {4}))))
                .containsExactly("[1, 2, 3]", "[4]");
    }

    @Test
    void passesOverTheMapsOfSparseFilesAndNamesThem() throws Exception {
        byte[] sparse = header("a/sparse.bmp", TarConstants.LF_GNUTYPE_SPARSE, 4);
        sparse[482] = 1;
        byte[] map = new byte[512];
        map[504] = 1;

        assertThat(archives.read(Archives.join(
                        checksummed(sparse),
                        map,
                        new byte[512],
                        padded(new byte[] {1, 2, 3, 4}),
                        header("a/2.jpg", TarConstants.LF_NORMAL, 0))))
                .satisfiesExactly(
                        named -> assertThat(named).startsWith("a/sparse.bmp: It is stored as a sparse file."),
                        next -> assertThat(next).isEqualTo("a/2.jpg"));
    }

    @Test
    void readsNamesOfTarsWhateverTheirEncoding() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "ISO-8859-1")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (String name : List.of("bl\u00fcte/1.jpg", "caf\u00e9/" + "x".repeat(150) + ".jpg")) {
                tar.putArchiveEntry(new TarArchiveEntry(name));
                tar.closeArchiveEntry();
            }
        }

        assertThat(archives.read(bytes.toByteArray()))
                .containsExactly("bl\uFFFDFCte/1.jpg", "caf\uFFFDE9/" + "x".repeat(150) + ".jpg");
    }

    private static byte[] header(String name, byte type, long sizeBytes) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setSize(sizeBytes);
        byte[] block = new byte[512];
        entry.writeEntryHeader(block);
        return block;
    }

    private static byte[] checksummed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += Byte.toUnsignedInt(b);
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(ISO_8859_1);
        System.arraycopy(digits, 0, header, 148, digits.length);
        return header;
    }

    private static byte[] padded(byte[] content) {
        return Arrays.copyOf(content, content.length + (-content.length & 511));
    }
}
