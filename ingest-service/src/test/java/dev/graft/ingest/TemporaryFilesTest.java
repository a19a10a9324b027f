package dev.graft.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    Path parent;

    @Test
    void holdsNoMoreBytesThanItMayUntilSomeAreGone() throws Exception {
        ScratchFolder folder = new ScratchFolder(parent.resolve("graft-scratch-mine"));
        TemporaryFiles files = new TemporaryFiles(folder, MAX_BYTES);
        Path first = files.receive(body(MAX_BYTES - 10), MAX_BYTES);

        assertThatThrownBy(() -> files.receive(body(11), MAX_BYTES))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(503));
        assertThatThrownBy(() -> files.copy(body(11), MAX_BYTES)).isInstanceOf(IOException.class);
        assertThat(first).hasSize(MAX_BYTES - 10);
        Path last = files.receive(body(10), MAX_BYTES);
        files.discard(first);
        files.discard(last);

        assertThat(files.receive(body(MAX_BYTES), MAX_BYTES)).hasSize(MAX_BYTES);
        folder.close();
    }

    private static InputStream body(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }
}
