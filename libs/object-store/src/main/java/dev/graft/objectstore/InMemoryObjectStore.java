package dev.graft.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Keeps objects on the heap, for tests and small tools, with the same laws as every other store.
public final class InMemoryObjectStore implements ObjectStore {

    private final ConcurrentMap<String, Stored> objects = new ConcurrentHashMap<>();

    /// Makes an empty store.
    public InMemoryObjectStore() {}

    @Override
    public void put(String key, ObjectContent content) {
        objects.put(KeyRules.check(key), store(key, content));
    }

    @Override
    public boolean putIfAbsent(String key, ObjectContent content) {
        KeyRules.checkConditional(content);
        return objects.putIfAbsent(KeyRules.check(key), store(key, content)) == null;
    }

    @Override
    public InputStream open(String key) {
        return new ByteArrayInputStream(find(key).bytes());
    }

    @Override
    public byte[] read(String key, int maxSizeBytes) {
        byte[] bytes = find(key).bytes();
        if (bytes.length > maxSizeBytes) {
            throw new ObjectTooLargeException(key, maxSizeBytes);
        }
        return bytes.clone();
    }

    @Override
    public byte[] readRange(String key, long offsetBytes, int lengthBytes) {
        KeyRules.checkRange(offsetBytes, lengthBytes);
        byte[] bytes = find(key).bytes();
        if (offsetBytes > bytes.length - (long) lengthBytes) {
            throw new ObjectRangeException(key, offsetBytes, lengthBytes);
        }
        int from = Math.toIntExact(offsetBytes);
        return Arrays.copyOfRange(bytes, from, from + lengthBytes);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return Optional.ofNullable(objects.get(KeyRules.check(key))).map(Stored::info);
    }

    @Override
    public void delete(String key) {
        objects.remove(KeyRules.check(key));
    }

    @Override
    public void ping() {
        // The heap always answers.
    }

    @Override
    public void close() {
        objects.clear();
    }

    private Stored find(String key) {
        Stored stored = objects.get(KeyRules.check(key));
        if (stored == null) {
            throw new ObjectNotFoundException(key);
        }
        return stored;
    }

    private static Stored store(String key, ObjectContent content) {
        byte[] bytes = bytes(content);
        return new Stored(bytes, new ObjectInfo(key, bytes.length, content.contentType(), Instant.now()));
    }

    private static byte[] bytes(ObjectContent content) {
        try {
            return switch (content) {
                case ObjectContent.Bytes bytes -> bytes.bytes().clone();
                case ObjectContent.File file -> Files.readAllBytes(file.path());
            };
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what is to be stored", e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a private carrier, never compared
    private record Stored(byte[] bytes, ObjectInfo info) {}
}
