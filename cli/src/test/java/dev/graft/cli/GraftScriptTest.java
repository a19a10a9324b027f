package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the script on a clone that has a stand-in for Maven's work.
class GraftScriptTest {
    private static final Path SCRIPT = Path.of(System.getProperty("graft.home"), "graft");

    private static final List<String> NEEDED = List.of(
            "bash",
            "cat",
            "date",
            "dirname",
            "env",
            "find",
            "flock",
            "grep",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "stat",
            "tail",
            "touch");

    @TempDir
    Path temporary;

    private Path clone;
    private Path tools;

    private record Outcome(int status, String output) {}

    @BeforeEach
    void makeClone() throws IOException {
        clone = Files.createDirectories(temporary.resolve("a clone"));
        Files.copy(SCRIPT, clone.resolve("graft"));
        clone.resolve("graft").toFile().setExecutable(true);
        Files.writeString(clone.resolve("pom.xml"), "");
        tools = Files.createDirectories(temporary.resolve("tools"));
    }

    @Test
    void saysThatThereIsNoJdk() throws Exception {
        Outcome outcome = run(Map.of("GRAFT_JVM_HOMES", temporary.toString(), "JAVA_HOME", ""), "status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("JDK 25 or newer is needed").hasLineCount(1);
    }

    @Test
    void passesOverJdkThatIsTooOld() throws Exception {
        Path old = jdk("old", "21.0.4");

        Outcome outcome = run(Map.of("GRAFT_JVM_HOMES", "", "JAVA_HOME", old.toString()), "status");

        assertThat(outcome.output()).contains("JDK 25 or newer is needed");
    }

    @Test
    void saysThatThereIsNoMaven() throws Exception {
        Path jdk = jdk("new", "25.0.1");

        Outcome outcome = run(Map.of("JAVA_HOME", jdk.toString()), "status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("Maven 3.8 or newer is needed");
    }

    @Test
    void showsWhyTheBuildFailed() throws Exception {
        program("mvn", "echo '[ERROR] spoon.java is bent'; exit 1");

        Outcome outcome = run(Map.of("JAVA_HOME", jdk("new", "25").toString()), "status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("spoon.java is bent").contains("the build failed");
    }

    @Test
    void buildsOnceAndPassesArgumentsOnThroughLinksAndSpaces() throws Exception {
        programThatBuilds();
        Map<String, String> environment =
                Map.of("GRAFT_JVM_HOMES", jdk("new", "26").getParent().toString(), "JAVA_HOME", "");
        Path link = Files.createSymbolicLink(temporary.resolve("a link"), clone.resolve("graft"));

        Outcome first = run(link, environment, "predict", "a model", "it's");
        Outcome second = run(link, environment, "status");

        assertThat(first.output()).contains("building").contains("ran [predict] [a model] [it's]");
        assertThat(second.output()).doesNotContain("building").contains("ran [status]");
        assertThat(temporary.resolve("builds")).hasContent("built");
    }

    @Test
    void buildsAgainWhenALibraryHasGone() throws Exception {
        programThatBuilds();
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("new", "25").toString());
        run(environment, "status");
        Files.delete(temporary.resolve("a library.jar"));

        Outcome outcome = run(environment, "status");

        assertThat(outcome.output()).contains("building").contains("ran [status]");
        assertThat(temporary.resolve("builds")).hasContent("built\nbuilt");
    }

    @Test
    void endsAStackWithoutABuild() throws Exception {
        programThatBuilds();
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("new", "25").toString());
        run(environment, "status");
        Path source = clone.resolve("pom.xml");
        Files.writeString(source, "changed");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run(environment, "down").output()).doesNotContain("building").contains("ran [down]");
        assertThat(run(environment, "status").output()).contains("building");
    }

    @Test
    void readsNamesOfFilesInUtf8WhateverTheLocale() throws Exception {
        programThatBuilds();
        Path jdk = jdk("new", "25");
        executable(jdk.resolve("bin/java"), "echo locale $LC_ALL");
        program("locale", "case $LC_ALL in en_US.UTF-8|ru_RU.UTF-8) echo UTF-8;; *) echo ANSI_X3.4-1968;; esac");

        assertThat(run(Map.of("JAVA_HOME", jdk.toString(), "LC_ALL", "C"), "status")
                        .output())
                .contains("locale en_US.UTF-8");
        assertThat(run(Map.of("JAVA_HOME", jdk.toString(), "LC_ALL", "ru_RU.UTF-8"), "status")
                        .output())
                .contains("locale ru_RU.UTF-8");
    }

    /// Counts its runs, and leaves what a build leaves: a list of libraries, all of which are there.
    private void programThatBuilds() throws IOException {
        program("mvn", """
                echo built >>'%1$s/builds'
                mkdir -p cli/target
                echo -n '%1$s/a library.jar:%1$s/another.jar' >cli/target/launcher.classpath
                touch '%1$s/a library.jar' '%1$s/another.jar'""".formatted(temporary));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(temporary.resolve("jdks").resolve(name));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/javac"), "");
        executable(
                home.resolve("bin/java"),
                "while [ \"$1\" != dev.graft.cli.Graft ]; do shift; done; shift; printf 'ran'; printf ' [%s]' \"$@\"; echo");
        return home;
    }

    private void program(String name, String script) throws IOException {
        executable(tools.resolve(name), script);
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + script + "\n");
        file.toFile().setExecutable(true);
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        return run(clone.resolve("graft"), environment, arguments);
    }

    private Outcome run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        for (String needed : NEEDED) {
            program(needed, "exec /usr/bin/" + needed + " \"$@\"");
        }
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(script.toString()), Arrays.stream(arguments))
                                .toList())
                .redirectErrorStream(true)
                .directory(temporary.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("PATH", tools.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }
}
