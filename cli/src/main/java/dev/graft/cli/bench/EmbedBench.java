package dev.graft.cli.bench;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Progress;
import dev.graft.cli.dataset.ImageImport;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.EmbeddingJobView;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.VersionView;
import dev.graft.cli.session.OwnStack;
import dev.graft.stack.Service;
import dev.graft.stack.StackState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Measures the way from stored files to committed embeddings.
record EmbedBench(OwnStack stack, Services services) {
    private static final String REFERENCE = "dev.graft.feature.bench.ReferenceSpeed";

    /// Sizes that are embedded first, so that what is measured is a service that has been running for a while.
    private static final List<Integer> WARM_UP_INPUT_PIXELS = List.of(160, 192, 208);

    /// @param servicePerSecond  from stored file to committed embedding, through the whole service
    /// @param decodePerSecond   from bytes in memory to normalised pixels
    /// @param forwardPerSecond  through the network
    /// @param togetherPerSecond what both allow on the same threads
    /// @param fraction          the service's speed in parts of that
    /// @param serviceCpuMillis  processor time of an image in the feature service
    /// @param backendsCpuMillis processor time of an image in broker, object store and the other services
    /// @param referenceCpuMillis processor time of an image in decoding and the network alone
    /// @param cpuFraction       the reference's processor time in parts of the whole stack's
    record Figures(
            String backbone,
            long images,
            double servicePerSecond,
            double decodePerSecond,
            double forwardPerSecond,
            double togetherPerSecond,
            double fraction,
            double serviceCpuMillis,
            double backendsCpuMillis,
            double referenceCpuMillis,
            double cpuFraction) {}

    private record Reference(
            String backbone,
            double decodePerSecond,
            double forwardPerSecond,
            double togetherPerSecond,
            double decodeCpuMillis,
            double forwardCpuMillis) {
        double cpuMillis() {
            return decodeCpuMillis + forwardCpuMillis;
        }
    }

    Figures run(Path folder, ImageSource source) throws IOException, InterruptedException {
        new ImageImport(console(), services.ingest()).run("bench", source);
        VersionView version = services.ingest().freeze("bench");
        for (int pixels : WARM_UP_INPUT_PIXELS) {
            embed("warm-up", version, pixels);
        }
        ProcessorTime before = ProcessorTime.of(stack.state());
        EmbeddingJobView measured = embed("embed", version, null);
        ProcessorTime spent = ProcessorTime.of(stack.state()).minus(before);
        Reference reference = reference(folder);
        double perSecond = measured.computed() / measured.seconds();
        double serviceCpuMillis = spent.featureMillis() / measured.computed();
        double backendsCpuMillis = spent.othersMillis() / measured.computed();
        return new Figures(
                reference.backbone(),
                measured.computed(),
                rounded(perSecond),
                reference.decodePerSecond(),
                reference.forwardPerSecond(),
                reference.togetherPerSecond(),
                hundredths(perSecond / reference.togetherPerSecond()),
                rounded(serviceCpuMillis),
                rounded(backendsCpuMillis),
                rounded(reference.cpuMillis()),
                hundredths(reference.cpuMillis() / (serviceCpuMillis + backendsCpuMillis)));
    }

    /// Processor time that a stack's processes have used since they began. PostgreSQL's is not in it: its workers come
    /// and go.
    private record ProcessorTime(double featureMillis, double othersMillis) {
        static ProcessorTime of(StackState state) {
            double feature = millis(state.parts().stream()
                    .filter(part -> part.name().equals(Service.FEATURE.label()))
                    .mapToLong(StackState.Part::pid));
            double all = millis(LongStream.concat(
                    LongStream.of(state.pid()), state.parts().stream().mapToLong(StackState.Part::pid)));
            return new ProcessorTime(feature, all - feature);
        }

        ProcessorTime minus(ProcessorTime earlier) {
            return new ProcessorTime(featureMillis - earlier.featureMillis, othersMillis - earlier.othersMillis);
        }

        private static double millis(LongStream processes) {
            return processes
                            .distinct()
                            .mapToObj(ProcessHandle::of)
                            .flatMap(Optional::stream)
                            .flatMap(process -> process.info().totalCpuDuration().stream())
                            .mapToLong(Duration::toNanos)
                            .sum()
                    / 1e6;
        }
    }

    private Console console() {
        return stack.session().console();
    }

    private EmbeddingJobView embed(String label, VersionView version, @Nullable Integer inputSizePixels)
            throws InterruptedException {
        try (Progress progress = console().progress(label)) {
            EmbeddingJobView ended = services.feature()
                    .embedAll(
                            version.manifestKey(),
                            inputSizePixels,
                            job -> progress.update(job.computed(), job.total(), job.computed() + " pictures"));
            progress.done("%d pictures in %s".formatted(ended.computed(), Durations.words(ended.seconds())));
            return ended;
        }
    }

    private Reference reference(Path folder) throws IOException, InterruptedException {
        try (Progress progress = console().progress("reference")) {
            progress.note("decoding alone and the network alone, in turns");
            Reference reference = new MeasuringProgram(
                            stack.session().installation(),
                            MeasuringProgram.FEATURE,
                            REFERENCE,
                            "See to it that there are pictures in " + folder + ".")
                    .run(Reference.class, List.of(), List.of(folder.toString()));
            progress.done("measured");
            return reference;
        }
    }

    private static double hundredths(double value) {
        return Math.round(100 * value) / 100.0;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
