package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps splits in rows by their wire names; none is null.
@Converter(autoApply = true)
public class SplitConverter implements AttributeConverter<Split, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Split split) {
        return split == null ? null : split.wireName();
    }

    @Override
    public @Nullable Split convertToEntityAttribute(@Nullable String wireName) {
        return wireName == null
                ? null
                : Stream.of(Split.values())
                        .filter(split -> split.wireName().equals(wireName))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("a row names the split " + wireName));
    }
}
