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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives as people have them, and as attackers make them: whatever is lost is named, and nothing large is held.
class OddArchivesTest {
    private static final ArchiveLimits LIMITS = new ArchiveLimits(1_000, 1L << 40, 1 << 20);

    @TempDir
    Path folder;

    @Test
    void readsConcatenatedArchivesToTheEnd() throws Exception {
        byte[] first = Archives.tar(Map.of("a/1.jpg", new byte[] {1}));
        byte[] second = Archives.tar(Map.of("b/2.jpg", new byte[] {2}));

        assertThat(read(join(first, second))).containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(read(Archives.gzip(join(first, second)))).containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(read(join(Archives.gzip(first), Archives.gzip(second)))).containsExactly("a/1.jpg", "b/2.jpg");
        assertThat(read(Archives.stored("cat_of_two.tar.gz"))).hasSize(12);
    }

    @Test
    void tellsOfDataThatFollowsTheEnd() throws Exception {
        byte[] tar = Archives.tar(Map.of("a/1.jpg", new byte[] {1}));
        byte[] other = "something else ".repeat(100).getBytes(UTF_8);
        String told =
                "(after the end of the archive): Data of another kind follows the end of the archive. It was not read.";

        assertThat(read(join(tar, other))).containsExactly("a/1.jpg", told);
        assertThat(read(join(Archives.gzip(tar), other))).containsExactly("a/1.jpg", told);
        assertThat(read(join(Archives.gzip(tar), new byte[5_000]))).containsExactly("a/1.jpg");
    }

    @Test
    void refusesAGzipWhoseSecondMemberIsDamaged() {
        byte[] member = Archives.gzip(Archives.tar(Map.of("a/1.jpg", new byte[] {1})));
        byte[] both = join(member, member);
        both[member.length + 20] ^= 0x55;

        assertThatThrownBy(() -> read(both)).isInstanceOf(ArchiveException.class);
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
        assertThatThrownBy(() -> ArchiveReader.survey(archive, LIMITS))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("734,003,200 bytes");
    }

    @Test
    void boundsNamesInExtendedHeadersBeforeTheyAreRead() {
        for (String key : List.of("path", "linkpath", "GNU.sparse.name")) {
            byte[] archive = join(
                    header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 700L << 20),
                    ((700L << 20) + " " + key + "=xxxx").getBytes(UTF_8));

            assertThatThrownBy(() -> read(archive))
                    .as(key)
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining("The name of a file in it has");
        }
    }

    @Test
    void passesOverLargeAttributesWithoutHoldingThem() throws Exception {
        String attribute = "x".repeat(5_000_000);
        byte[] record = (5_000_100 + " SCHILY.xattr.user.note=" + attribute).getBytes(UTF_8);
        byte[] pax = join(
                record, "\n".repeat(5_000_100 - record.length).getBytes(UTF_8), "16 path=a/1.jpg\n".getBytes(UTF_8));

        assertThat(read(join(
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

        assertThatThrownBy(() -> read(chain.toByteArray()))
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

        assertThatThrownBy(() -> read(join(
                        header("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC, content.length),
                        padded(content),
                        header("a/1.jpg", TarConstants.LF_NORMAL, 0))))
                .isInstanceOf(ArchiveException.class);
    }

    @Test
    void takesTheSizeFromTheExtendedHeader() throws Exception {
        byte[] pax = "9 size=3\n".getBytes(UTF_8);

        assertThat(contents(join(
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

        assertThat(read(join(
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
    void namesLinksAsWhatTheyAre() throws Exception {
        assertThat(read(Archives.tarWithLink("a/1.jpg", "../.git/annex/objects/x/y/SHA256E-s1--0.jpg")))
                .singleElement()
                .asString()
                .contains("link of git-annex to ../.git/annex/objects", "git annex get");
        assertThat(read(Archives.tarWithLink("a/1.jpg", "/home/me/.dvc/cache/files/md5/00/11")))
                .singleElement()
                .asString()
                .contains("link of DVC", "dvc pull");
        assertThat(read(Archives.tarWithLink("a/1.jpg", TarConstants.LF_LINK, "b/1.jpg")))
                .singleElement()
                .asString()
                .contains("hard link to b/1.jpg");
        assertThat(read(Archives.tarWithLink("a/1.jpg", TarConstants.LF_FIFO, "")))
                .singleElement()
                .asString()
                .contains("no regular file");
        assertThat(read(zipWithLink("a/1.jpg", "gone.jpg")))
                .singleElement()
                .asString()
                .contains("symbolic link to gone.jpg");
    }

    @ParameterizedTest
    @EnumSource(ZipMethod.class)
    void readsOrRefusesEachMethodOfZipByItsName(ZipMethod method) throws Exception {
        byte[] zip = zipOfMethod(method.getCode());

        try (ArchiveReader reader = ArchiveReader.open(write(zip), LIMITS)) {
            assertThat(reader.advance()).isTrue();
            switch (reader.read()) {
                case ArchivedFile.Unreadable unreadable ->
                    assertThat(unreadable.detail()).containsAnyOf(method.name(), "number", "is damaged");
                case ArchivedFile.Readable _, ArchivedFile.TooLarge _, ArchivedFile.Absent _ ->
                    assertThat(method).isEqualTo(ZipMethod.STORED);
            }
        }
    }

    @Test
    void readsZipsWithOtherDataBehindThem() throws Exception {
        byte[] zip = Archives.zip(Map.of("a/1.jpg", new byte[] {1, 2, 3}));

        assertThat(contents(join(zip, new byte[1_000]))).containsExactly("[1, 2, 3]");
    }

    @Test
    void tellsOfAZipThatLiesBeforeAnother() throws Exception {
        byte[] first = Archives.zip(Map.of("a/1.jpg", new byte[] {1}));
        byte[] second = Archives.zip(Map.of("b/2.jpg", new byte[] {2}));

        assertThat(read(join(first, second)))
                .containsExactly(
                        "b/2.jpg",
                        "(before the start of the archive): Another archive lies before this one, and was not read. Import each by itself.");
    }

    @Test
    void readsTheDirectoryOfLargeZips() throws Exception {
        Path archive = folder.resolve("large.zip");
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            zip.setUseZip64(Zip64Mode.Always);
            for (int i = 0; i < 70_000; i++) {
                zip.putArchiveEntry(new ZipArchiveEntry("a/" + i));
                zip.closeArchiveEntry();
            }
        }

        assertThat(ArchiveReader.survey(archive, new ArchiveLimits(70_000, 1 << 20, 1 << 20))
                        .files())
                .isEqualTo(70_000);
        assertThatThrownBy(() -> ArchiveReader.survey(archive, LIMITS)).isInstanceOf(ArchiveException.class);
    }

    @Test
    void refusesXzByItsName() throws Exception {
        assertThat(read(Archives.stored("xz.zip")))
                .containsExactly(
                        "a/1.png: It is compressed by the method XZ (95), which is not read. Make the archive with the method Deflate, or send a tar.");
    }

    @Test
    void readsBzip2AndRefusesLzmaByItsName() throws Exception {
        assertThat(contents(Archives.stored("bzip2.zip")))
                .singleElement()
                .asString()
                .startsWith("[-119, 80, 78, 71,"); // what a PNG begins with
        assertThat(read(Archives.stored("lzma.zip"))).singleElement().asString().contains("LZMA (14)");
    }

    @Test
    void keepsLegacyNamesApart() throws Exception {
        assertThat(read(Archives.stored("explorer_russian_cp866.zip")).stream()
                        .map(name -> name.substring(0, name.indexOf('/')))
                        .distinct())
                .hasSize(2);
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

        assertThat(read(bytes.toByteArray()))
                .containsExactly("bl\uFFFDFCte/1.jpg", "caf\uFFFDE9/" + "x".repeat(150) + ".jpg");
    }

    @Test
    void findsFilesThatMayBeEqual() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/1.jpg", new byte[] {1, 2});
        files.put("a/2.jpg", new byte[] {3, 4});
        files.put("b/3.jpg", new byte[] {1, 2});
        files.put("b/4.jpg", new byte[0]);
        files.put("b/5.jpg", new byte[0]);

        for (byte[] archive : List.of(Archives.zip(files), Archives.tar(files), Archives.tarGzip(files))) {
            assertThat(ArchiveReader.survey(write(archive), LIMITS).repeated().stream())
                    .containsExactly(0, 2);
        }
    }

    private Path write(byte[] archive) throws Exception {
        return Files.write(folder.resolve("archive"), archive);
    }

    /// Gives the names of the files, and why those are not read that are not.
    private List<String> read(byte[] archive) throws Exception {
        List<String> found = new ArrayList<>();
        Path file = write(archive);
        ArchiveReader.survey(file, LIMITS);
        try (ArchiveReader reader = ArchiveReader.open(file, LIMITS)) {
            while (reader.advance()) {
                String name = reader.name().text();
                found.add(
                        switch (reader.read()) {
                            case ArchivedFile.Readable _, ArchivedFile.TooLarge _ -> name;
                            case ArchivedFile.Unreadable unreadable -> name + ": " + unreadable.detail();
                            case ArchivedFile.Absent absent -> name + ": " + absent.detail();
                        });
            }
        }
        return found;
    }

    private List<String> contents(byte[] archive) throws Exception {
        List<String> found = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(write(archive), LIMITS)) {
            while (reader.advance()) {
                if (reader.read() instanceof ArchivedFile.Readable readable) {
                    found.add(Arrays.toString(readable.bytes()));
                }
            }
        }
        return found;
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

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] zipWithLink(String path, String target) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry entry = new ZipArchiveEntry(path);
            entry.setUnixMode(0120777);
            zip.putArchiveEntry(entry);
            zip.write(target.getBytes(UTF_8));
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    /// Makes a stored entry and changes its method afterwards, in the local header and in the directory.
    private static byte[] zipOfMethod(int code) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("a/1.png");
            byte[] content = {1, 2, 3, 4, 5, 6, 7, 8};
            CRC32 sum = new CRC32();
            sum.update(content);
            entry.setMethod(ZipArchiveEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(sum.getValue());
            zip.putArchiveEntry(entry);
            zip.write(content);
            zip.closeArchiveEntry();
        }
        byte[] zip = bytes.toByteArray();
        int directory = new String(zip, ISO_8859_1).indexOf("PK\1\2");
        for (int at : new int[] {8, directory + 10}) {
            zip[at] = (byte) code;
            zip[at + 1] = (byte) (code >> 8);
        }
        return zip;
    }
}
