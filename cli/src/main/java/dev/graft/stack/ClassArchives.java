package dev.graft.stack;

import dev.graft.contracts.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says where the JVMs of a stack keep their class data for their next start (JEP 310, JEP 350).
///
/// A JVM writes an archive where there is none. One of other jars it neither uses nor replaces, so that every start
/// after a build would take twice as long: each set of jars has a file of its own.
///
/// @param folder of the archives
record ClassArchives(Path folder) {
    private static final int DIGITS = 16;

    /// Gives the file of a JVM with a role, and removes those of other jars, which no start will use again.
    ///
    /// @param classpath jars, each of which exists
    Path of(String role, String classpath) {
        Path archive = folder.resolve(role + "-" + fingerprint(classpath) + ".jsa");
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(file -> isOf(role, file)).toList()) {
                    if (!file.equals(archive)) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive;
    }

    private static boolean isOf(String role, Path file) {
        return file.getFileName().toString().matches(role + "(-[0-9a-f]{" + DIGITS + "})?\\.jsa");
    }

    /// Of what the JVM compares: names, sizes and times of change.
    private static String fingerprint(String classpath) {
        String jars = Stream.of(classpath.split(File.pathSeparator))
                .map(Path::of)
                .map(ClassArchives::described)
                .collect(Collectors.joining("\n"));
        return Sha256.of(jars.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }

    private static String described(Path jar) {
        try {
            return "%s %d %s".formatted(jar, Files.size(jar), Files.getLastModifiedTime(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
