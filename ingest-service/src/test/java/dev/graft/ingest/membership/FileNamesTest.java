package dev.graft.ingest.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileNamesTest {

    @Test
    void findsTheNameInAContentDisposition() {
        assertThat(FileNames.ofDisposition("attachment; filename=\"a b.jpg\"")).isEqualTo("a b.jpg");
        assertThat(FileNames.ofDisposition("inline; FileName = a.jpg; size=3")).isEqualTo("a.jpg");
        assertThat(FileNames.ofDisposition("inline")).isNull();
        assertThat(FileNames.ofDisposition(null)).isNull();
    }

    @Test
    void cleansNames() {
        assertThat(FileNames.clean("a\u0000b\n.jpg")).isEqualTo("a\uFFFDb\uFFFD.jpg");
        assertThat(FileNames.clean(" ")).isNull();
        assertThat(FileNames.clean("x".repeat(3_000) + ".jpg")).hasSize(1_024).endsWith(".jpg");
    }
}
