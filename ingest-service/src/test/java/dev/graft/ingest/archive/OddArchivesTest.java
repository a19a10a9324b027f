package dev.graft.ingest.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.ingest.Archives;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that archives of every format may hold: links are named as what they are, and equal files are found.
class OddArchivesTest {
    @TempDir
    Path folder;

    private ReadArchives archives;

    @BeforeEach
    void readInTheFolder() {
        archives = new ReadArchives(folder);
    }

    @Test
    void namesLinksAsWhatTheyAre() throws Exception {
        assertThat(archives.read(Archives.tarWithLink("a/1.jpg", "../.git/annex/objects/x/y/SHA256E-s1--0.jpg")))
                .singleElement()
                .asString()
                .contains("link of git-annex to ../.git/annex/objects", "git annex get");
        assertThat(archives.read(Archives.tarWithLink("a/1.jpg", "/home/me/.dvc/cache/files/md5/00/11")))
                .singleElement()
                .asString()
                .contains("link of DVC", "dvc pull");
        assertThat(archives.read(Archives.tarWithLink("a/1.jpg", TarConstants.LF_LINK, "b/1.jpg")))
                .singleElement()
                .asString()
                .contains("hard link to b/1.jpg");
        assertThat(archives.read(Archives.tarWithLink("a/1.jpg", TarConstants.LF_FIFO, "")))
                .singleElement()
                .asString()
                .contains("no regular file");
        assertThat(archives.read(zipWithLink("a/1.jpg", "gone.jpg")))
                .singleElement()
                .asString()
                .contains("symbolic link to gone.jpg");
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
            assertThat(ArchiveReader.survey(archives.write(archive), ReadArchives.LIMITS).repeated().stream())
                    .containsExactly(0, 2);
        }
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
}
