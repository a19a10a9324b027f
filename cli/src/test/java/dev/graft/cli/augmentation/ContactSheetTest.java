package dev.graft.cli.augmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
    private static final int WHITE = 0xFFFFFFFF;

    @TempDir
    Path temporary;

    /// Two rows of an original and two variants, of 3 pixels each.
    @Test
    void laysOriginalsAndVariantsOutAndIsReadBack() throws Exception {
        ContactSheet sheet = new ContactSheet(3, 2);
        sheet.add(new byte[][] {plain(1), plain(2), plain(3)});
        sheet.add(new byte[][] {plain(4), plain(5), plain(6)});
        Path file = Files.writeString(temporary.resolve("sheet.png"), "an old one");

        SheetFile.at(file).write(sheet.image());

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(8 + 3 + 16 + 3 + 4 + 3 + 8);
        assertThat(image.getHeight()).isEqualTo(8 + 3 + 4 + 3 + 8);
        assertThat(image.getRGB(8, 8)).isEqualTo(0xFF010102);
        assertThat(image.getRGB(10, 10)).isEqualTo(0xFF010102);
        assertThat(image.getRGB(11, 10)).isEqualTo(WHITE);
        assertThat(image.getRGB(26, 8)).isEqualTo(WHITE);
        assertThat(image.getRGB(27, 8)).isEqualTo(0xFF020203);
        assertThat(image.getRGB(34, 8)).isEqualTo(0xFF030304);
        assertThat(image.getRGB(8, 11)).isEqualTo(WHITE);
        assertThat(image.getRGB(36, 17)).isEqualTo(0xFF060607);
        assertThat(image.getRGB(37, 17)).isEqualTo(WHITE);
        try (var files = Files.list(temporary)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void refusesRowsOfAnotherLength() {
        ContactSheet sheet = new ContactSheet(3, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sheet.add(new byte[][] {plain(1), plain(2)}))
                .withMessageContaining("2 variants");
        assertThat(sheet.rows()).isZero();
    }

    /// Red and green have the value, blue one more.
    private static byte[] plain(int value) {
        byte[] rgb = new byte[3 * 3 * 3];
        Arrays.fill(rgb, (byte) value);
        for (int i = 2; i < rgb.length; i += 3) {
            rgb[i]++;
        }
        return rgb;
    }
}
