package dev.graft.cli.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.stack.ActionableException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A process that measures when it is asked to, so that several can take turns: it reads a request a line
/// and writes a JSON object a line. Closing it ends the process.
final class MeasuredProcess implements AutoCloseable {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private final String name;
    private final String remedy;
    private final Path errors;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private MeasuredProcess(String name, String remedy, Path errors, Process process) {
        this.name = name;
        this.remedy = remedy;
        this.errors = errors;
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Starts a process.
    ///
    /// @param name   what users call it
    /// @param remedy what a user may do when it fails
    static MeasuredProcess start(String name, ProcessBuilder builder, String remedy) throws IOException {
        Path errors = Files.createTempFile("graft-bench", ".log");
        try {
            return new MeasuredProcess(
                    name, remedy, errors, builder.redirectError(errors.toFile()).start());
        } catch (IOException e) {
            Files.delete(errors);
            throw e;
        }
    }

    /// Returns what users call it.
    String name() {
        return name;
    }

    /// Sends a request and waits for its answer.
    ///
    /// @throws ActionableException when the process ends instead
    <T> T ask(String request, Class<T> answer) throws IOException {
        try {
            requests.write(request);
            requests.newLine();
            requests.flush();
        } catch (IOException ended) {
            throw failure();
        }
        return answer(answer);
    }

    /// Waits for an answer. Whatever else a library prints is passed over.
    ///
    /// @throws ActionableException when the process ends instead
    <T> T answer(Class<T> answer) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("{")) {
                return JSON.readValue(line, answer);
            }
        }
        throw failure();
    }

    private ActionableException failure() throws IOException {
        return new ActionableException(
                "%s failed: %s".formatted(name, MeasuringProgram.reason(Files.readAllLines(errors))), remedy);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        Files.delete(errors);
    }
}
