package dev.graft.weightstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The register of weight sets: objects numbered from 1 without gaps, each written once, so that whoever knows
/// the first n needs only to look for number n + 1. Of several writers at once, one gets a number and the
/// others see its entry before they try the next. Safe for many threads.
final class WeightRegister {
    private static final int MAX_ENTRY_BYTES = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private volatile List<RegisteredWeights> entries = List.of();

    WeightRegister(ObjectStore store) {
        this.store = store;
    }

    /// Gives the entries that this process has seen, oldest first; without asking object storage.
    List<RegisteredWeights> seen() {
        return entries;
    }

    /// Gives all entries that there are now, oldest first.
    synchronized List<RegisteredWeights> refreshed() {
        List<RegisteredWeights> read = new ArrayList<>(entries);
        for (Optional<RegisteredWeights> next = read(read.size() + 1); next.isPresent(); next = read(read.size() + 1)) {
            read.add(next.get());
        }
        if (read.size() > entries.size()) {
            entries = List.copyOf(read);
        }
        return entries;
    }

    /// Appends an entry unless the register has one of its name.
    ///
    /// @return the entry of this name that the register has now
    synchronized RegisteredWeights append(RegisteredWeights entry) {
        while (true) {
            Optional<RegisteredWeights> present = refreshed().stream()
                    .filter(known -> known.name().equals(entry.name()))
                    .findFirst();
            if (present.isPresent()) {
                return present.get();
            }
            // When another writer was faster, or the answer to an own attempt was lost, the entry is read next.
            boolean unused = store.putIfAbsent(
                    ObjectKeys.weightSet(entries.size() + 1), ObjectContent.of(json(entry), "application/json"));
        }
    }

    private Optional<RegisteredWeights> read(int number) {
        try {
            byte[] json = store.read(ObjectKeys.weightSet(number), MAX_ENTRY_BYTES);
            return Optional.of(JSON.readValue(json, RegisteredWeights.class));
        } catch (ObjectNotFoundException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("entry " + number + " of the register of weights cannot be read", e);
        }
    }

    private static byte[] json(RegisteredWeights entry) {
        try {
            return JSON.writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry of the register cannot be written as JSON", e);
        }
    }
}
