package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchivesTest {
    @TempDir
    Path directory;

    private ClassArchives archives;
    private Path jar;
    private String classpath;

    @BeforeEach
    void makeJars() throws IOException {
        archives = new ClassArchives(directory.resolve("archives"));
        jar = Files.writeString(directory.resolve("a.jar"), "classes");
        classpath = jar + File.pathSeparator + Files.writeString(directory.resolve("b.jar"), "more");
    }

    @Test
    void keepOneFileForTheSameJars() throws IOException {
        Path archive = Files.createFile(archives.of("ingest", classpath));

        assertThat(archives.of("ingest", classpath)).isEqualTo(archive).exists();
    }

    /// The JVM compares the times of jars too.
    @Test
    void startAnotherFileWithEveryBuildAndRemoveTheLast() throws IOException {
        Path last = Files.createFile(archives.of("ingest", classpath));
        Path earliest = Files.createFile(last.resolveSibling("ingest.jsa"));
        Path ofAnother = Files.createFile(archives.of("feature", classpath));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

        assertThat(archives.of("ingest", classpath)).isNotEqualTo(last).doesNotExist();
        assertThat(last).doesNotExist();
        assertThat(earliest).doesNotExist();
        assertThat(ofAnother).exists();
    }
}
