package dev.graft.networks.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parses the JSON of a safetensors header, token by token, so that nothing is built that the format does not have.
final class HeaderParser {
    static final String METADATA = "__metadata__";
    private static final int MAX_RANK = 16;

    /// The most tensors, and the most texts, that are kept; the largest network of the catalogue has 1,306. An
    /// entry takes several times more memory than the text that declares it, so that the limit on the header's
    /// length is not enough.
    private static final int MAX_ENTRIES = 100_000;

    /// The longest text that is read, in characters, since the parser needs several times the memory of a text while
    /// it collects it; what is kept beside tensors, a licence or the names of some thousand images, is shorter.
    private static final int MAX_TEXT_LENGTH = 1 << 22;

    /// Names come from untrusted files: they are neither interned nor kept in a table of symbols that a choice of names
    /// can fill.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .build())
            .build();

    private final ByteBuffer json;

    /// Parses a header.
    ///
    /// @param json is read in place, for a copy would be as large as the file says
    HeaderParser(ByteBuffer json) {
        this.json = json;
    }

    /// @throws MalformedWeightsException when the JSON is not a header
    SafetensorsHeader parse(long dataStart) {
        if (!json.hasRemaining() || json.get(json.position()) != '{') {
            throw malformed(Malformation.HEADER_NOT_JSON, "the header does not begin with {");
        }
        try (JsonParser parser = JSON.createParser(text())) {
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
            boolean metadataSeen = false;
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    requireNew(!metadataSeen, name);
                    metadataSeen = true;
                    metadata.putAll(metadata(parser));
                } else {
                    requireNew(!entries.containsKey(name), name);
                    entries.put(name, entry(parser, name));
                    requireFew(entries.size(), "tensors");
                }
            }
            if (parser.nextToken() != null) {
                throw malformed(Malformation.HEADER_NOT_JSON, "something follows the header's object");
            }
            return new SafetensorsHeader(metadata, entries, dataStart);
        } catch (StreamConstraintsException e) {
            throw malformed(Malformation.HEADER_NOT_JSON, "the header has a name, text or number of absurd length");
        } catch (StreamReadException e) {
            String place = "character " + e.getLocation().getCharOffset();
            throw malformed(Malformation.HEADER_NOT_JSON, "the header stops being JSON at " + place);
        } catch (CharacterCodingException e) {
            throw malformed(Malformation.HEADER_NOT_JSON, "the header is not UTF-8");
        } catch (IOException e) {
            throw malformed(Malformation.HEADER_NOT_JSON, "the header cannot be read");
        }
    }

    /// Decodes the bytes as UTF-8 and nothing else; what is not UTF-8 is an error of reading.
    private Reader text() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        return new InputStreamReader(new ByteBufferBackedInputStream(json), decoder);
    }

    private static Map<String, String> metadata(JsonParser parser) throws IOException {
        requireToken(parser.nextToken() == JsonToken.START_OBJECT, METADATA + " is not an object");
        Map<String, String> metadata = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            requireToken(parser.nextToken() == JsonToken.VALUE_STRING, METADATA + "." + key + " is not a text");
            requireNew(metadata.put(key, parser.getText()) == null, METADATA + "." + key);
            requireFew(metadata.size(), "texts");
        }
        return metadata;
    }

    private static SafetensorsHeader.Entry entry(JsonParser parser, String name) throws IOException {
        requireToken(parser.nextToken() == JsonToken.START_OBJECT, name + " is not an object");
        @Nullable String dtype = null;
        @Nullable List<Long> extents = null;
        @Nullable List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    requireNew(dtype == null, name + ".dtype");
                    requireToken(parser.currentToken() == JsonToken.VALUE_STRING, name + ".dtype is not a text");
                    dtype = parser.getText();
                }
                case "shape" -> {
                    requireNew(extents == null, name + ".shape");
                    extents = integers(parser, name + ".shape", MAX_RANK);
                }
                case "data_offsets" -> {
                    requireNew(offsets == null, name + ".data_offsets");
                    offsets = integers(parser, name + ".data_offsets", 2);
                }
                default -> throw malformed(Malformation.BAD_ENTRY, name + " has a field named " + field);
            }
        }
        if (dtype == null || extents == null || offsets == null || offsets.size() != 2) {
            throw malformed(Malformation.BAD_ENTRY, name + " needs dtype, shape and two data_offsets");
        }
        return checked(name, dtype, extents, offsets.get(0), offsets.get(1));
    }

    private static SafetensorsHeader.Entry checked(
            String name, String dtypeName, List<Long> extents, long begin, long end) {
        DType dtype = DType.named(dtypeName)
                .orElseThrow(() -> malformed(Malformation.UNKNOWN_DTYPE, name + " has elements of type " + dtypeName));
        Shape shape;
        long sizeBytes;
        try {
            shape = new Shape(extents.stream().map(Math::toIntExact).toList());
            sizeBytes = Math.multiplyExact(shape.elements(), dtype.sizeBytes());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw malformed(Malformation.BAD_SHAPE, name + " has the shape " + extents);
        }
        if (begin < 0 || end < begin || end - begin != sizeBytes) {
            throw malformed(
                    Malformation.SIZE_MISMATCH,
                    name + " of " + sizeBytes + " bytes has the place " + begin + " to " + end);
        }
        return new SafetensorsHeader.Entry(dtype, shape, begin, end);
    }

    private static List<Long> integers(JsonParser parser, String where, int maxCount) throws IOException {
        requireToken(parser.currentToken() == JsonToken.START_ARRAY, where + " is not an array");
        List<Long> integers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            requireToken(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
                    where + " holds something else than integers of 64 bits");
            requireToken(integers.size() < maxCount, where + " has more than " + maxCount + " numbers");
            integers.add(parser.getLongValue());
        }
        return integers;
    }

    private static void requireNew(boolean isNew, String key) {
        if (!isNew) {
            throw malformed(Malformation.DUPLICATE_KEY, key + " stands twice in the header");
        }
    }

    private static void requireFew(int count, String what) {
        if (count > MAX_ENTRIES) {
            throw malformed(Malformation.TOO_MANY_ENTRIES, "the header declares more than " + MAX_ENTRIES + " " + what);
        }
    }

    private static void requireToken(boolean expected, String complaint) {
        if (!expected) {
            throw malformed(Malformation.BAD_ENTRY, complaint);
        }
    }

    private static MalformedWeightsException malformed(Malformation malformation, String detail) {
        return new MalformedWeightsException(malformation, detail);
    }
}
