package dev.graft.stack;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A program with its arguments, and what it finds in its environment besides ours.
record Program(List<String> command, Map<String, String> environment) {
    Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// A JVM whose class path is in the environment, where it does not swamp the lists of processes.
    static Program of(List<String> command, String classpath) {
        return new Program(command, Map.of("CLASSPATH", classpath));
    }

    /// Gives the same program with more in its environment.
    Program with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Program(command, all);
    }

    /// Prepares a process without input that prints into one stream.
    ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        return builder;
    }
}
