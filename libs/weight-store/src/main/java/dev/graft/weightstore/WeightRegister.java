package dev.graft.weightstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The register of weight sets: objects numbered from 1 without gaps, each written once, so that a process that
/// knows the first n needs only to look for number n + 1. Of several writers at once, one gets a number and the
/// others see its entry before they try the next. An entry that cannot be read keeps its number and says
/// nothing. Safe for many threads.
final class WeightRegister {
    private static final System.Logger LOG = System.getLogger(WeightRegister.class.getName());
    private static final int MAX_ENTRY_BYTES = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;

    /// How many entries have been read; guarded by this register.
    private int count;

    /// Those that are legible; guarded by this register.
    private final List<RegisteredWeights> entries = new ArrayList<>();

    WeightRegister(ObjectStore store) {
        this.store = store;
    }

    /// Gives all entries that there are now and that are legible, oldest first.
    synchronized List<RegisteredWeights> refreshed() {
        while (store.exists(ObjectKeys.weightSet(count + 1))) {
            read(count + 1).ifPresent(entries::add);
            count++;
        }
        return List.copyOf(entries);
    }

    /// Finds the entry of a name that there is now.
    synchronized Optional<RegisteredWeights> find(String name) {
        return refreshed().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// Appends an entry unless the register has one of its name.
    ///
    /// @return the entry of this name that the register has now
    synchronized RegisteredWeights append(RegisteredWeights entry) {
        while (true) {
            Optional<RegisteredWeights> present = find(entry.name());
            if (present.isPresent()) {
                return present.get();
            }
            // When another writer was faster, or the answer to an own attempt was lost, the entry is read next.
            boolean unused = store.putIfAbsent(
                    ObjectKeys.weightSet(count + 1), ObjectContent.of(json(entry), "application/json"));
        }
    }

    private Optional<RegisteredWeights> read(int number) {
        try {
            byte[] json = store.read(ObjectKeys.weightSet(number), MAX_ENTRY_BYTES);
            return Optional.ofNullable(JSON.readValue(json, RegisteredWeights.class));
        } catch (IOException | ObjectTooLargeException e) {
            // A newer release may write entries in another form. All others are as good as before.
            LOG.log(Level.WARNING, "Entry of the register of weights is illegible entry=" + number, e);
            return Optional.empty();
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
