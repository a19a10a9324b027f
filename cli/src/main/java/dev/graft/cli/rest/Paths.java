package dev.graft.cli.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes what users name into addresses.
final class Paths {
    private Paths() {}

    /// Escapes one segment of a path.
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Writes a query, led in by `?`; nothing when there are no parameters.
    static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + segment(parameter.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
