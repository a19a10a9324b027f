package dev.graft.feature.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.networks.weights.Safetensors;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private static final UUID ID = new UUID(0, 1);
    private static final String FIRST = "a".repeat(64);
    private static final String SECOND = "b".repeat(64);

    private final Segment segment = new Segment(ID, List.of(FIRST, SECOND), 3, new float[] {1, 2, 3, -1, -2, -3});

    @Test
    void isASafetensorsFileThatNamesItsRows() {
        try (Safetensors file = Safetensors.of(segment.toBytes())) {
            assertThat(file.names()).containsExactly("embeddings");
            assertThat(file.shape("embeddings").dimensions()).containsExactly(2, 3);
            assertThat(file.tensor("embeddings").toArray()).containsExactly(1, 2, 3, -1, -2, -3);
            assertThat(file.metadata()).containsEntry("imageIds", FIRST + "," + SECOND);
        }
    }

    @Test
    void keepsItsWireForm() {
        Segment small = new Segment(ID, List.of(FIRST), 2, new float[] {1, 0.5f});
        byte[] bytes = small.toBytes();
        String header = "{\"__metadata__\":{\"imageIds\":\"" + FIRST
                + "\"},\"embeddings\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";

        assertThat(new String(bytes, 8, bytes.length - 16, StandardCharsets.UTF_8).stripTrailing())
                .isEqualTo(header);
        assertThat(HexFormat.of().formatHex(bytes, bytes.length - 8, bytes.length))
                .isEqualTo("0000803f0000003f");
    }

    @Test
    void refusesVectorsThatDoNotFitItsImages() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Segment(ID, List.of(FIRST), 3, new float[] {1, 2}));
    }
}
