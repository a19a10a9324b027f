package dev.graft.ingest.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PointersTest {

    @Test
    void recognisesWhatStandsForAnImage() {
        assertThat(read("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"))
                .contains("git lfs pull");
        assertThat(read("/annex/objects/SHA256E-s1--00.jpg\n")).contains("git annex get");
        assertThat(read("../../.git/annex/objects/x/y/SHA256E-s1--00.jpg")).contains("git annex get");
        assertThat(read("/home/me/data/.dvc/cache/files/md5/00/11")).contains("dvc pull");
    }

    @Test
    void takesNothingElseForAPointer() {
        assertThat(Pointers.read(new byte[0])).isEmpty();
        assertThat(Pointers.read("text\n.git/annex/objects/x".getBytes(UTF_8))).isEmpty();
        assertThat(Pointers.read(new byte[2_000])).isEmpty();
    }

    private static String read(String file) {
        return Pointers.read(file.getBytes(UTF_8)).orElse("");
    }
}
