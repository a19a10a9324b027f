package dev.graft.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final int FILE_BYTES = 300_000;
    private static final int CUT_BYTES = 100_000;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final byte[] file = new byte[FILE_BYTES];
    private Hub hub;
    private Path part;

    @BeforeEach
    void publish() throws IOException {
        new Random(1).nextBytes(file);
        hub = new Hub("/timm/net.tag/model.safetensors", file);
        part = directory.resolve("net.tag.safetensors");
    }

    @AfterEach
    void close() {
        hub.close();
        http.close();
    }

    private Download download(URI source) {
        return new Download(http, source, part, Duration.ZERO);
    }

    private void run() throws IOException {
        download(hub.source()).run((bytes, totalBytes) -> assertThat(totalBytes).isEqualTo(FILE_BYTES));
        assertThat(part.resolveSibling(part.getFileName() + ".validator")).doesNotExist();
    }

    @Test
    void fetchesAFile() throws IOException {
        run();
        assertThat(part).hasBinaryContent(file);
        assertThat(hub.ranges()).containsExactly("");
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        hub.cut(2, CUT_BYTES);
        run();
        assertThat(part).hasBinaryContent(file);
        assertThat(hub.ranges()).hasSize(3);
        assertThat(hub.ranges().getFirst()).isEmpty();
        assertThat(hub.ranges().getLast()).startsWith("bytes=");
    }

    @Test
    void goesOnInALaterRun() throws IOException {
        hub.cut(100, 0);
        assertThatThrownBy(this::run).isInstanceOf(ActionableException.class).hasMessageContaining("again and again");
        hub.cut(1, CUT_BYTES);
        run();
        assertThat(part).hasBinaryContent(file);
    }

    @Test
    void beginsAnewWhenTheFileIsAnother() throws IOException {
        hub.cut(1, CUT_BYTES);
        byte[] other = new byte[FILE_BYTES];
        new Random(2).nextBytes(other);
        download(hub.source()).run((bytes, _) -> {
            if (bytes < FILE_BYTES) {
                hub.replace(other);
            }
        });
        assertThat(part).hasBinaryContent(other);
    }

    @Test
    void beginsAnewWhenNobodyKnowsWhetherTheFileIsTheSame() throws IOException {
        hub.forgetTag();
        hub.cut(1, CUT_BYTES);
        run();
        assertThat(part).hasBinaryContent(file);
        assertThat(hub.ranges()).containsExactly("", "");
    }

    @Test
    void takesAPartThatIsWholeAlready() throws IOException {
        Files.write(part, file);
        Files.writeString(part.resolveSibling(part.getFileName() + ".validator"), "\"first\"");
        run();
        assertThat(part).hasBinaryContent(file);
    }

    @Test
    void explainsWhyNothingComes() throws IOException {
        assertThatThrownBy(() -> download(hub.address().resolve("/nothing")).run((_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("there is no such file");
        URI gone = hub.source();
        hub.close();
        assertThatThrownBy(() -> download(gone).run((_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() ->
                        download(URI.create("http://no-such-host.invalid/file")).run((_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("its name is not known");
        assertThat(part).doesNotExist();
    }
}
