package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.ingest.Archives;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Zips as people have them: whatever is lost is named.
class OddZipsTest {
    @TempDir
    Path folder;

    private ReadArchives archives;

    @BeforeEach
    void readInTheFolder() {
        archives = new ReadArchives(folder);
    }

    @ParameterizedTest
    @EnumSource(ZipMethod.class)
    void readsOrRefusesEachMethodOfZipByItsName(ZipMethod method) throws Exception {
        byte[] zip = zipOfMethod(method.getCode());

        try (ArchiveReader reader = ArchiveReader.open(archives.write(zip), ReadArchives.LIMITS)) {
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

        assertThat(archives.contents(Archives.join(zip, new byte[1_000]))).containsExactly("[1, 2, 3]");
    }

    @Test
    void tellsOfAZipThatLiesBeforeAnother() throws Exception {
        byte[] first = Archives.zip(Map.of("a/1.jpg", new byte[] {1}));
        byte[] second = Archives.zip(Map.of("b/2.jpg", new byte[] {2}));

        assertThat(archives.read(Archives.join(first, second)))
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
        assertThatThrownBy(() -> ArchiveReader.survey(archive, ReadArchives.LIMITS))
                .isInstanceOf(ArchiveException.class);
    }

    @Test
    void refusesXzByItsName() throws Exception {
        assertThat(archives.read(Archives.stored("xz.zip")))
                .containsExactly(
                        "a/1.png: It is compressed by the method XZ (95), which is not read. Make the archive with the method Deflate, or send a tar.");
    }

    @Test
    void readsBzip2AndRefusesLzmaByItsName() throws Exception {
        assertThat(archives.contents(Archives.stored("bzip2.zip")))
                .singleElement()
                .asString()
                .startsWith("[-119, 80, 78, 71,"); // what a PNG begins with
        assertThat(archives.read(Archives.stored("lzma.zip")))
                .singleElement()
                .asString()
                .contains("LZMA (14)");
    }

    @Test
    void keepsLegacyNamesApart() throws Exception {
        assertThat(archives.read(Archives.stored("explorer_russian_cp866.zip")).stream()
                        .map(name -> name.substring(0, name.indexOf('/')))
                        .distinct())
                .hasSize(2);
    }

    /// Each of a hundred files would be unpacked from 50,000 bytes of blocks of nothing to a single byte, so
    /// that the bound of what is unpacked says nothing about the time.
    @Test
    void refusesAZipWhoseFilesLieInTheSameBytes() throws Exception {
        assertThatThrownBy(() -> archives.read(zipOfTheSameBytes(100)))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("lie over each other");
        assertThat(archives.contents(zipOfTheSameBytes(1))).containsExactly("[7]");
    }

    private static byte[] zipOfTheSameBytes(int files) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            packed.writeBytes(new byte[] {0, 0, 0, -1, -1}); // a block of no bytes (RFC 1951, 3.2.4)
        }
        packed.writeBytes(new byte[] {1, 1, 0, -2, -1, 7});
        CRC32 sum = new CRC32();
        sum.update(7);
        int recordBytes = 46 + 5;
        ByteBuffer zip = ByteBuffer.allocate(30 + packed.size() + files * recordBytes + 22)
                .order(ByteOrder.LITTLE_ENDIAN);
        zip.putInt(0x04034b50).position(30).put(packed.toByteArray());
        for (int file = 0; file < files; file++) {
            int record = zip.position();
            zip.putInt(record, 0x02014b50).putShort(record + 10, (short) ZipMethod.DEFLATED.getCode());
            zip.putInt(record + 16, (int) sum.getValue()).putInt(record + 20, packed.size());
            zip.putInt(record + 24, 1).putShort(record + 28, (short) 5);
            zip.position(record + 46).put("a/%03d".formatted(file).getBytes(ISO_8859_1));
        }
        int directoryBytes = files * recordBytes;
        int directory = zip.position() - directoryBytes;
        zip.putInt(0x06054b50).putInt(0).putShort((short) files).putShort((short) files);
        return zip.putInt(directoryBytes).putInt(directory).array();
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
