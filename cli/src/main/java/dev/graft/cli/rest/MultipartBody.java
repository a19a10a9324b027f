package dev.graft.cli.rest;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Several files as one `multipart/form-data` body (RFC 7578). Files are named by their positions, which need no
/// escaping; answers come in the same order.
record MultipartBody(String boundary, List<byte[]> parts) implements RequestBody {
    static MultipartBody of(List<byte[]> files) {
        String boundary = "graft-" + UUID.randomUUID();
        List<byte[]> parts = new ArrayList<>();
        for (int position = 0; position < files.size(); position++) {
            parts.add("""
                --%s\r
                Content-Disposition: form-data; name="file"; filename="%s"\r
                Content-Type: application/octet-stream\r
                \r
                """.formatted(boundary, position).getBytes(StandardCharsets.US_ASCII));
            parts.add(files.get(position));
            parts.add("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        parts.add("--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.US_ASCII));
        return new MultipartBody(boundary, parts);
    }

    String mediaType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    @Override
    public BodyPublisher publisher() {
        long lengthBytes = parts.stream().mapToLong(part -> part.length).sum();
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(parts), lengthBytes);
    }
}
