package dev.graft.predict.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// The data of a `UINT8` tensor, written flat or nested, read without a Java object for each number.
///
/// @param bytes the numbers in row-major order
record PixelTensor(byte[] bytes) {
    /// Names the reader's attribute that says how many numbers there may be.
    static final String MAX_LENGTH = "maxLength";

    static final long CHANNELS = 3;

    private static final int GREATEST = 255;

    /// Reads an array of numbers, or of arrays of them.
    static final class Reader extends JsonDeserializer<PixelTensor> {
        @Override
        public PixelTensor deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return (PixelTensor) context.handleUnexpectedToken(PixelTensor.class, parser);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
            long maxLength = (Long) context.getAttribute(MAX_LENGTH);
            int depth = 1;
            while (depth > 0) {
                switch (parser.nextToken()) {
                    case START_ARRAY -> depth++;
                    case END_ARRAY -> depth--;
                    case VALUE_NUMBER_INT -> {
                        if (bytes.size() == maxLength) {
                            throw context.weirdNumberException(
                                    bytes.size(), int.class, "there are more than " + maxLength + " pixels");
                        }
                        bytes.write(pixel(parser, context));
                    }
                    case null, default ->
                        throw context.wrongTokenException(
                                parser, PixelTensor.class, JsonToken.VALUE_NUMBER_INT, "pixels are whole numbers");
                }
            }
            return new PixelTensor(bytes.toByteArray());
        }

        private static int pixel(JsonParser parser, DeserializationContext context) throws IOException {
            long value = parser.getLongValue();
            if (value < 0 || value > GREATEST) {
                throw context.weirdNumberException(value, int.class, "pixels are 0 to 255");
            }
            return (int) value;
        }
    }
}
