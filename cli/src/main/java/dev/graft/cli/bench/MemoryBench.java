package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Progress;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.networks.Backbone;
import dev.graft.networks.bench.MemoryCourse;
import dev.graft.networks.bench.MemoryTrial;
import dev.graft.networks.onnx.BackboneExport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Watches the memory of networks over many forward passes: each in each engine and precision, in a process of
/// its own.
///
/// @param passes how many
record MemoryBench(Session session, int passes) {
    private static final String PROGRAM = MemoryTrial.PROGRAM;
    private static final double MEGABYTE = 1e6;

    /// Measures.
    ///
    /// @param backbones weight sets, for the images that they are measured with
    List<MemoryCourse> run(List<Backbone> backbones) throws IOException, InterruptedException {
        MeasuringProgram program = new MeasuringProgram(
                session.installation(),
                MeasuringProgram.FEATURE,
                PROGRAM,
                "Smaller pictures need less memory: --input-size N.");
        List<MemoryTrial> trials = backbones.stream().flatMap(this::trials).toList();
        List<MemoryCourse> courses = new ArrayList<>();
        try (Progress progress = session.console().progress("memory")) {
            for (MemoryTrial trial : trials) {
                progress.update(
                        courses.size(),
                        trials.size(),
                        "%s in %s, %s".formatted(trial.backbone(), trial.engine(), trial.precision()));
                courses.add(
                        program.run(MemoryCourse.class, trial.jvmOptions(), trial.environment(), trial.arguments()));
            }
            progress.done(courses.size() + " measured");
        }
        return courses;
    }

    private Stream<MemoryTrial> trials(Backbone backbone) {
        return Stream.of(
                        trial(backbone, "onnxruntime", MemoryTrial.F32),
                        trial(backbone, "onnxruntime", MemoryTrial.INT8),
                        trial(backbone, "pytorch", MemoryTrial.F32))
                .filter(trial -> !trial.precision().equals(MemoryTrial.INT8) || takesEightBits(backbone));
    }

    private MemoryTrial trial(Backbone backbone, String engine, String precision) {
        return new MemoryTrial(
                backbone.name(),
                backbone.defaultLayer().toString(),
                backbone.preprocessing().inputSizePixels(),
                engine,
                precision,
                passes);
    }

    private static boolean takesEightBits(Backbone backbone) {
        return BackboneExport.takesEightBits(backbone.network().upTo(backbone.defaultLayer()));
    }

    static void print(Console console, List<MemoryCourse> courses) {
        Table table = new Table(
                "BACKBONE", "INPUT", "WEIGHTS", "ENGINE", "PRECISION", "START", "END", "GROWTH PER 1,000 PASSES");
        for (MemoryCourse course : courses) {
            table.row(
                    course.trial().backbone(),
                    course.trial().inputSize(),
                    Sizes.words(course.weightsBytes()),
                    course.trial().engine(),
                    course.trial().precision(),
                    Sizes.words(course.residentBytes().getFirst()),
                    Sizes.words(course.residentBytes().getLast()),
                    String.format(Locale.ROOT, "%+.3f MB", course.growthBytesPerThousandPasses() / MEGABYTE));
        }
        table.lines().forEach(line -> console.say("%s", line));
        courses.stream()
                .findFirst()
                .ifPresent(course -> console.say(
                        "Resident memory without the Java heap, which is constant: after a warm-up, and after %,d passes of 1 to %d pictures on %d threads; growth in the second half of them.",
                        course.trial().passes(), course.maxBatch(), course.threads()));
    }
}
