package dev.graft.ingest.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps counts by name in rows as a JSON object, in their order.
@Converter
public class CountsConverter implements AttributeConverter<Map<String, Long>, String> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Long>> COUNTS = new TypeReference<>() {};

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Map<String, Long> counts) {
        try {
            return counts == null ? null : JSON.writeValueAsString(counts);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("counts are JSON", impossible);
        }
    }

    @Override
    public @Nullable Map<String, Long> convertToEntityAttribute(@Nullable String counts) {
        try {
            return counts == null ? null : JSON.readValue(counts, COUNTS);
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException("the counts of a row are not as they were written", foreign);
        }
    }
}
