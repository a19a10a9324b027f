package dev.graft.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a service answers when it is asked for its health.
@JsonIgnoreProperties(ignoreUnknown = true)
record HealthView(@Nullable List<Check> checks) {
    private static final ObjectMapper JSON = new ObjectMapper();

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Check(
            @Nullable String name,
            @Nullable String status,
            @Nullable Map<String, Object> data) {
        /// Names the check, with its reason when it gives one.
        private String words() {
            Object reason = data == null ? null : data.get("reason");
            return reason == null ? String.valueOf(name) : name + " (" + reason + ")";
        }
    }

    /// Names the checks that failed; nothing when the answer cannot be read.
    static String failed(String json) {
        try {
            List<Check> checks = JSON.readValue(json, HealthView.class).checks();
            return checks == null
                    ? ""
                    : checks.stream()
                            .filter(check -> !"UP".equals(check.status()))
                            .map(Check::words)
                            .collect(Collectors.joining(", "));
        } catch (IOException illegible) {
            return "";
        }
    }
}
