package dev.graft.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartFileTest {
    @TempDir
    private Path directory;

    private PartFile take() throws IOException {
        return PartFile.take(directory.resolve("a.safetensors"), () -> {});
    }

    @Test
    void keepsWhatArrivedForTheNextOne() throws IOException {
        try (PartFile first = take()) {
            first.begin("\"tag\"");
            append(first, 3);
        }
        try (PartFile second = take()) {
            assertThat(second.sizeBytes()).isEqualTo(3);
            assertThat(second.validator()).isEqualTo("\"tag\"");
            append(second, 4);
            assertThat(second.sizeBytes()).isEqualTo(7);
            second.begin(null);
            assertThat(second.sizeBytes()).isZero();
            assertThat(second.validator()).isNull();
        }
    }

    @Test
    void forgetsAll() throws IOException {
        try (PartFile part = take()) {
            part.begin("\"tag\"");
            append(part, 3);
            part.discard();
            assertThat(part.path()).doesNotExist();
            assertThat(part.validator()).isNull();
        }
    }

    private static void append(PartFile part, int count) throws IOException {
        try (OutputStream out = part.append()) {
            out.write(new byte[count]);
        }
    }
}
