package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Runs the command line as the `graft` script does, in a process of its own, on one data directory.
public record GraftProgram(Path data, int portBase) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path HOME = Path.of(System.getProperty("graft.home"));
    private static final int FIRST_PORT_BASE = 21_000;
    private static final int PORTS_OF_STACK = 8;

    /// What came of a command.
    public record Outcome(int status, String output, String errors) {
        /// Reads the last line of standard output.
        public JsonNode json() {
            assertThat(status).as(errors).isZero();
            return document();
        }

        /// Reads the last line of standard output, whatever the status.
        public JsonNode document() {
            try {
                return JSON.readTree(
                        output.lines().reduce((first, second) -> second).orElseThrow());
            } catch (IOException e) {
                throw new UncheckedIOException(output, e);
            }
        }
    }

    /// Takes ports on which nobody listens.
    public static GraftProgram on(Path data) {
        int base = IntStream.iterate(FIRST_PORT_BASE, candidate -> candidate + PORTS_OF_STACK)
                .filter(candidate ->
                        IntStream.range(candidate, candidate + PORTS_OF_STACK).allMatch(GraftProgram::isFree))
                .findFirst()
                .orElseThrow();
        return new GraftProgram(data, base);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    public static Path sample() {
        return HOME.resolve("sample");
    }

    public Outcome run(Object... arguments) {
        return runOnPorts(portBase, arguments);
    }

    public Outcome runOnPorts(int base, Object... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Dgraft.home=" + HOME,
                    "-Dgraft.build=test",
                    "-cp",
                    HOME.resolve("cli/target/graft-cli.jar") + ":"
                            + Files.readString(HOME.resolve("cli/target/launcher.classpath")),
                    Graft.class.getName(),
                    "--data-dir",
                    data.toString(),
                    "--port-base",
                    Integer.toString(base)));
            for (Object argument : arguments) {
                command.add(argument.toString());
            }
            Path errors = Files.createTempFile("graft", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(errors);
            Files.delete(errors);
            return new Outcome(process.exitValue(), output, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Gives the live processes that carry the mark of the data directory.
    public List<ProcessHandle> processes() {
        String mark = "-Ddev.graft.stack.data-dir=" + data;
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(mark))
                .toList();
    }

    private static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
