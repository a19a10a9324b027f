package dev.graft.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong(Duration.ofHours(1).toNanos());

    @Test
    void printsPlainLinesNowAndThen() {
        Progress progress = new Progress.Lines(stream, "import", nanos::get);

        for (int done = 1; done <= 100; done++) {
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            progress.update(done, 100, done + " of 100 pictures");
        }
        progress.done("100 pictures");

        assertThat(lines())
                .hasSize(6)
                .startsWith("import      1 of 100 pictures   1%", "import      21 of 100 pictures  21%")
                .endsWith("import      100 pictures");
    }

    @Test
    void printsPlainLineWhenTheWordingChanges() {
        Progress progress = new Progress.Lines(stream, "train", nanos::get);

        progress.note("embedding 1");
        progress.note("embedding 2");
        progress.note("training 1");

        assertThat(lines()).containsExactly("train       embedding 1", "train       training 1");
    }

    @Test
    void redrawsOneLineOfTerminal() {
        Progress progress = new Progress.Bar(stream, "train", 60);

        progress.update(50, 100, "epoch 50 of 100");
        progress.done("done");

        assertThat(text())
                .isEqualTo("\r\u001b[Ktrain       ████████████░░░░░░░░░░░░  50%  epoch 50 of 100"
                        + "\r\u001b[Ktrain       done\n");
    }

    @Test
    void cutsLineToTerminal() {
        Progress progress = new Progress.Bar(stream, "train", 20);

        progress.note("a very long note\nthat has two lines");

        assertThat(text()).isEqualTo("\r\u001b[Ktrain       a very ");
    }

    @Test
    void clearsLineWithoutOutcome() {
        try (Progress progress = new Progress.Bar(stream, "train", 80)) {
            progress.note("training");
        }

        assertThat(text()).endsWith("\r\u001b[K");
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private java.util.List<String> lines() {
        return text().lines().toList();
    }
}
