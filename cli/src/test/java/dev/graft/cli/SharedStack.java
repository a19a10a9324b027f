package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives one stack, as a [GraftProgram], to all test classes that ask for it. The first command starts it; it
/// ends after the last of them.
public final class SharedStack implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == GraftProgram.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedStack.class))
                .computeIfAbsent(Running.class, _ -> Running.fresh(), Running.class)
                .graft();
    }

    /// The stack, and the folder above its data directory.
    private record Running(Path folder, GraftProgram graft) implements AutoCloseable {
        static Running fresh() {
            try {
                Path folder = Files.createTempDirectory("graft-stack").toRealPath();
                return new Running(folder, GraftProgram.on(folder.resolve("a stack")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }

        @Override
        public void close() throws IOException {
            graft.run("down");
            assertThat(graft.processes()).isEmpty();
            delete(folder);
        }
    }
}
