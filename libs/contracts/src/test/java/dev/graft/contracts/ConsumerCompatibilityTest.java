package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/// A consumer has the jar and its POM, and may run on JDK 17.
class ConsumerCompatibilityTest {
    /// The version of class files of Java 17.
    private static final int JAVA_17 = 61;

    @Test
    void everyClassRunsOnJava17() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target", "classes"))) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).toList();

            assertThat(classes)
                    .hasSizeGreaterThan(20)
                    .allSatisfy(file -> assertThat(classFileVersion(file)).isLessThanOrEqualTo(JAVA_17));
        }
    }

    @Test
    void thePublishedPomStandsAlone() throws Exception {
        Document pom = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(Path.of(".flattened-pom.xml").toFile());

        assertThat(pom.getElementsByTagName("parent").getLength()).isZero();
        assertThat(pom.getElementsByTagName("dependencyManagement").getLength()).isZero();
        assertThat(texts(pom, "artifactId"))
                .containsExactlyInAnyOrder("graft-contracts", "jackson-annotations", "jackson-databind", "jspecify");
        assertThat(texts(pom, "version")).hasSize(4).noneMatch(version -> version.contains("${"));
    }

    private static List<String> texts(Document pom, String element) {
        NodeList nodes = pom.getElementsByTagName(element);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
                .map(i -> nodes.item(i).getTextContent())
                .toList();
    }

    private static int classFileVersion(Path file) {
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(stream)) {
            data.skipNBytes(6);
            return data.readUnsignedShort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
