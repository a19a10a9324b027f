package dev.graft.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.console.Progress;
import dev.graft.cli.folder.PictureSource;
import dev.graft.cli.rest.EmbeddingJobView;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.VersionView;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measures the way from stored files to committed embeddings.
record EmbedBench(Session session, Services services) {
    private static final String REFERENCE = "dev.graft.feature.bench.ReferenceSpeed";
    private static final int WARM_UP_INPUT_PIXELS = 192;

    /// @param servicePerSecond  from stored file to committed embedding, through the whole service
    /// @param decodePerSecond   from bytes in memory to normalised pixels
    /// @param forwardPerSecond  through the network
    /// @param togetherPerSecond what both allow on the same threads
    /// @param fraction          the service's speed in parts of that
    record Figures(
            String backbone,
            long pictures,
            double servicePerSecond,
            double decodePerSecond,
            double forwardPerSecond,
            double togetherPerSecond,
            double fraction) {}

    private record Reference(
            String backbone, double decodePerSecond, double forwardPerSecond, double togetherPerSecond) {}

    Figures run(Path folder, PictureSource source) throws IOException, InterruptedException {
        new PictureImport(session.console(), services.ingest()).run("bench", source);
        VersionView version = services.ingest().freeze("bench");
        embed("warm-up", version, WARM_UP_INPUT_PIXELS);
        EmbeddingJobView measured = embed("embed", version, null);
        Reference reference = reference(folder);
        double perSecond = measured.computed() / measured.seconds();
        return new Figures(
                reference.backbone(),
                measured.computed(),
                rounded(perSecond),
                reference.decodePerSecond(),
                reference.forwardPerSecond(),
                reference.togetherPerSecond(),
                Math.round(100 * perSecond / reference.togetherPerSecond()) / 100.0);
    }

    private EmbeddingJobView embed(String label, VersionView version, @Nullable Integer inputSizePixels)
            throws InterruptedException {
        try (Progress progress = session.console().progress(label)) {
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
        try (Progress progress = session.console().progress("reference")) {
            progress.note("decoding alone and the network alone, in turns");
            Path service = session.installation().home().resolve("feature-service/target/quarkus-app");
            Process process = new ProcessBuilder(List.of(
                            session.installation().java().toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            service.resolve("lib/main") + "/*:" + service.resolve("app") + "/*",
                            REFERENCE,
                            folder.toString()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ActionableException(
                        "The reference could not be measured on " + folder + ".",
                        "See to it that there are pictures in it.");
            }
            progress.done("measured");
            return new ObjectMapper()
                    .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                    .readValue(output.lines().reduce((first, second) -> second).orElseThrow(), Reference.class);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
