package dev.graft.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnseenTest {
    @TempDir
    Path temporary;

    @Test
    void takesTheMiddleTestPictureOfEachClass() throws Exception {
        touch("train/a/0.png", "test/a/3.png", "test/a/2.png", "test/a/1.png", "test/b/3.png", "val/c/4.png");

        assertThat(Unseen.ofEachClass(FolderSource.scan(temporary), 5))
                .containsExactly(unseen("a", "test/a/2.png"), unseen("b", "test/b/3.png"));
    }

    @Test
    void takesValidationPicturesWithoutTestPart() throws Exception {
        touch("train/a/0.png", "val/a/1.png", "val/b/1.png");

        assertThat(Unseen.ofEachClass(FolderSource.scan(temporary), 1)).containsExactly(unseen("a", "val/a/1.png"));
    }

    @Test
    void findsNoneWithoutParts() throws Exception {
        touch("a/1.png", "b/1.png");

        assertThat(Unseen.ofEachClass(FolderSource.scan(temporary), 5)).isEmpty();
    }

    private Unseen unseen(String label, String path) {
        return new Unseen(label, temporary.resolve(path));
    }

    private void touch(String... paths) throws Exception {
        for (String path : paths) {
            Files.createDirectories(temporary.resolve(path).getParent());
            Files.createFile(temporary.resolve(path));
        }
    }
}
