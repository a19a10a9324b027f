package dev.graft.predict.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class PixelTensorTest {
    @Test
    void readsFlatAndNestedArrays() throws JsonProcessingException {
        assertThat(read("[0, 255, 7, 8]").bytes()).containsExactly(0, 255, 7, 8);
        assertThat(read("[[0, 255], [7, 8]]").bytes()).containsExactly(0, 255, 7, 8);
    }

    @Test
    void stopsReadingWhereNoTensorCanBeLonger() {
        assertThatThrownBy(() -> read("[1, 2, 3, 4, 5]")).hasMessageContaining("more than 4");
    }

    @Test
    void refusesWhatIsNoPixel() {
        assertThatThrownBy(() -> read("[256]")).hasMessageContaining("0 to 255");
        assertThatThrownBy(() -> read("[0.5]")).hasMessageContaining("whole numbers");
        assertThatThrownBy(() -> read("[[1]")).isInstanceOf(JsonProcessingException.class);
    }

    private static PixelTensor read(String array) throws JsonProcessingException {
        InferRequest request = new ObjectMapper()
                .readerFor(InferRequest.class)
                .withAttribute(PixelTensor.MAX_LENGTH, 4L)
                .readValue("""
                        {"inputs": [{"name": "pixels", "shape": [1], "datatype": "UINT8", "data": %s}]}""".formatted(array));
        return request.inputs().getFirst().data();
    }
}
