package dev.graft.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
    private static final int FILE_BYTES = 300_000;
    private static final int CUT_BYTES = 100_000;

    @TempDir
    private Path directory;

    /// Never waits between attempts. No server of these tests takes a second to say something that it means to say; a
    /// machine that does makes a download begin another attempt, with the same end.
    private static final Download.Patience PATIENCE =
            new Download.Patience(Duration.ofSeconds(1), Duration.ofMillis(1_500), Duration.ZERO);

    private final HttpClient http = HubConnections.client(Map.of());
    private final byte[] file = new byte[FILE_BYTES];
    private Hub hub;
    private Path path;
    private PartFile part;

    @BeforeEach
    void publish() throws IOException {
        new Random(1).nextBytes(file);
        hub = new Hub("/timm/net.tag/model.safetensors", file);
        path = directory.resolve("net.tag.safetensors");
        part = PartFile.take(path, () -> {});
    }

    @AfterEach
    void close() throws IOException {
        part.close();
        hub.close();
        http.close();
    }

    private Download download(URI source) {
        return new Download(http, source, part, PATIENCE);
    }

    private void run() throws IOException {
        download(hub.source())
                .run(FILE_BYTES, (_, totalBytes) -> assertThat(totalBytes).isEqualTo(FILE_BYTES));
    }

    @Test
    void fetchesAFile() throws IOException {
        run();
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges()).containsExactly("");
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        hub.cut(2, CUT_BYTES);
        run();
        assertThat(path).hasBinaryContent(file);
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
        assertThat(path).hasBinaryContent(file);
    }

    @Test
    void restartsWhenTheFileIsAnother() throws IOException {
        hub.cut(1, CUT_BYTES);
        byte[] other = new byte[FILE_BYTES];
        new Random(2).nextBytes(other);
        download(hub.source()).run(FILE_BYTES, (bytes, _) -> {
            if (bytes < FILE_BYTES) {
                hub.replace(other);
            }
        });
        assertThat(path).hasBinaryContent(other);
    }

    @Test
    void restartsWhenNobodyKnowsWhetherTheFileIsTheSame() throws IOException {
        hub.forgetTag();
        hub.cut(1, CUT_BYTES);
        run();
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges()).containsExactly("", "");
    }

    @Test
    void takesAPartThatIsWholeAlready() throws IOException {
        Files.write(path, file);
        Files.writeString(path.resolveSibling(path.getFileName() + ".validator"), "\"first\"");
        run();
        assertThat(path).hasBinaryContent(file);
    }

    @Test
    void goesOnWhenAServerFallsSilent() throws IOException {
        hub.fallSilent(1, CUT_BYTES);
        run();
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges().getLast()).startsWith("bytes=");
    }

    @Test
    void givesUpAServerThatStaysSilentAndKeepsWhatCame() throws IOException {
        hub.fallSilent(1, CUT_BYTES);
        assertThatThrownBy(() -> download(hub.source()).run(FILE_BYTES, (_, _) -> hub.fallSilent(100, 0)))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("has sent nothing for")
                .hasMessageContaining("bytes are kept");
        assertThat(part.sizeBytes()).isBetween(1L, (long) CUT_BYTES);

        hub.cut(0, 0);
        run();
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges().getLast()).startsWith("bytes=");
    }

    @Test
    void restartsWhenTheServerKnowsNoRanges() throws IOException {
        hub.knowNoRanges();
        hub.cut(1, CUT_BYTES);
        run();
        assertThat(path).hasBinaryContent(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "bytes 7-8/300000", "bytes 99999999999999999999-8/9", "bytes */1"})
    void restartsWhenTheServerSendsAnotherPieceOrDoesNotSayWhich(String contentRange) throws IOException {
        hub.cut(1, CUT_BYTES);
        hub.lieAboutRanges(contentRange);
        run();
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges()).hasSize(3);
    }

    @Test
    void givesUpAServerThatNeverGetsFurther() throws IOException {
        hub.knowNoRanges();
        hub.cut(100, CUT_BYTES);
        assertThatThrownBy(this::run).isInstanceOf(ActionableException.class).hasMessageContaining("again and again");
        assertThat(hub.ranges()).hasSizeLessThan(20);
    }

    @Test
    void keepsNothingThatALaterRunCannotGoOnWith() throws IOException {
        hub.forgetTag();
        hub.cut(100, CUT_BYTES);
        assertThatThrownBy(this::run).hasMessageContaining(" 0 bytes are kept");
        assertThat(path).doesNotExist();
    }

    @Test
    void followsTheFileToAnotherAddress() throws IOException {
        hub.cut(1, CUT_BYTES);
        download(hub.address().resolve("/moved")).run(FILE_BYTES, (_, _) -> {});
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.ranges().getLast()).startsWith("bytes=");
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        assertThatThrownBy(() -> download(hub.source()).run(FILE_BYTES - 1, (_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("more than 299,999 bytes");
        assertThat(path).doesNotExist();
    }

    @Test
    void goesThroughTheProxyThatTheEnvironmentNames() throws IOException {
        hub.wantCredentials(Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8)));
        hub.cut(1, CUT_BYTES);
        URI source = URI.create("http://hub.invalid/timm/net.tag/model.safetensors");
        String nameless = hub.address().toString();
        try (HttpClient proxied = HubConnections.client(Map.of("HTTP_PROXY", nameless))) {
            assertThatThrownBy(() -> new Download(proxied, source, part, PATIENCE).run(FILE_BYTES, (_, _) -> {}))
                    .hasMessageContaining("wants a name and a password");
        }
        String proxy = nameless.replace("http://", "http://me:p%40ss@");
        try (HttpClient proxied = HubConnections.client(Map.of("HTTP_PROXY", proxy))) {
            new Download(proxied, source, part, PATIENCE).run(FILE_BYTES, (_, _) -> {});
        }
        assertThat(path).hasBinaryContent(file);
        assertThat(hub.asked()).isEqualTo(source.toString());
    }

    @Test
    void namesTheProxyThatDoesNotAnswer() throws IOException {
        hub.close();
        try (HttpClient proxied =
                HubConnections.client(Map.of("all_proxy", hub.address().toString()))) {
            URI source = URI.create("https://hub.invalid/file");
            assertThatThrownBy(() -> new Download(proxied, source, part, PATIENCE).run(FILE_BYTES, (_, _) -> {}))
                    .isInstanceOf(ActionableException.class)
                    .hasMessageContaining("hub.invalid cannot be reached through the proxy 127.0.0.1:");
        }
    }

    @Test
    void explainsWhyNothingComes() throws IOException {
        assertThatThrownBy(() -> download(hub.address().resolve("/nothing")).run(FILE_BYTES, (_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("there is no such file");
        URI gone = hub.source();
        hub.close();
        assertThatThrownBy(() -> download(gone).run(FILE_BYTES, (_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() ->
                        download(URI.create("http://no-such-host.invalid/file")).run(FILE_BYTES, (_, _) -> {}))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("a name is not known");
        assertThat(path).doesNotExist();
    }
}
