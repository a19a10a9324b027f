package dev.graft.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says how a stack is doing, as its supervisor wrote it down last.
///
/// @param pid                  of the supervisor
/// @param build                the build of Graft that it runs
/// @param startedAtEpochMillis when the supervisor began
/// @param problem              what went wrong; present when failed
/// @param remedy               what to do about it; present when failed
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record StackState(
        long pid,
        int portBase,
        String build,
        Phase phase,
        long startedAtEpochMillis,
        List<Part> parts,
        @Nullable String problem,
        @Nullable String remedy) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public StackState {
        parts = List.copyOf(parts);
    }

    /// The life of a stack.
    public enum Phase {
        STARTING,
        READY,
        STOPPING,
        STOPPED,
        FAILED
    }

    /// Says how one part of a stack is doing.
    ///
    /// @param name        `broker`, `objects`, `database` or a service's label
    /// @param pid         of its process; the supervisor's own when it lives there
    /// @param restarts    how often it ended by itself and was started again
    /// @param startMillis how long its last start took; absent until it was ready
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Part(
            String name,
            int port,
            long pid,
            PartPhase phase,
            int restarts,
            @Nullable Long startMillis) {}

    /// The life of a part.
    public enum PartPhase {
        WAITING,
        STARTING,
        READY,
        RESTARTING,
        STOPPED
    }

    /// Gives the ports that it listens on.
    public StackPorts ports() {
        return new StackPorts(portBase);
    }

    /// Reads what the supervisor of the data directory wrote last; empty when there never was one, and when the file is
    /// damaged, as a machine that loses its power may leave it.
    ///
    /// @throws IOException when the file cannot be read
    static Optional<StackState> read(DataDirectory data) throws IOException {
        if (!Files.isRegularFile(data.state())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readValue(Files.readAllBytes(data.state()), StackState.class));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /// Writes it down so that a reader sees all of it or nothing.
    ///
    /// @throws IOException when the file cannot be written
    void write(DataDirectory data) throws IOException {
        Path fresh = data.root().resolve("stack.json.new");
        Files.write(fresh, JSON.writeValueAsBytes(this));
        Files.move(fresh, data.state(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
