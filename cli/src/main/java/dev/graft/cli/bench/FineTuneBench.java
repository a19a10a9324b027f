package dev.graft.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.bench.FineTuneReport.Part;
import dev.graft.cli.console.Progress;
import dev.graft.cli.session.Folders;
import dev.graft.cli.session.Session;
import dev.graft.networks.Backbone;
import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.bench.TuningTrial.Ready;
import dev.graft.stack.ActionableException;
import dev.graft.stack.NativeSettings;
import dev.graft.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures epochs of fine-tuning beside the plain loop of DJL and, where there is one, PyTorch in Python:
/// each in a process of its own that waits for its turn.
///
/// @param images    of an epoch
/// @param batchSize images in a step
/// @param rounds    how many epochs each trains
record FineTuneBench(Session session, Peers peers, int images, int batchSize, int rounds) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REMEDY = "Fewer pictures in a step need less memory: --batch-size N.";
    private static final List<String> JVM_OPTIONS = List.of("-Xmx2g");
    private static final int CLASSES = 10;
    private static final int EPOCHS = 10;
    private static final double LEARNING_RATE = 1e-4;
    private static final double WEIGHT_DECAY = 0.01;

    /// Measures.
    ///
    /// @param backbone weight set
    /// @param parts    for each, the stages that are trained
    FineTuneReport run(Backbone backbone, List<List<String>> parts) throws IOException, InterruptedException {
        List<Part> measured = new ArrayList<>();
        try (Progress progress = session.console().progress("fine-tune")) {
            for (List<String> stages : parts) {
                int before = measured.size() * rounds;
                String words = String.join(", ", stages);
                measured.add(measure(
                        trial(backbone, stages),
                        round -> progress.update(before + round, parts.size() * rounds, words)));
            }
            progress.done(
                    peers.python().isPresent()
                            ? "measured beside PyTorch of " + peers.python().get()
                            : "measured; there is no python3 with torch and timm to compare with");
        }
        return new FineTuneReport(
                backbone.name(),
                backbone.preprocessing().inputSizePixels(),
                images,
                batchSize,
                Runtime.getRuntime().availableProcessors(),
                rounds,
                EPOCHS,
                measured);
    }

    private TuningTrial trial(Backbone backbone, List<String> stages) {
        return new TuningTrial(
                backbone.name(),
                backbone.architecture(),
                backbone.preprocessing().inputSizePixels(),
                stages,
                images,
                CLASSES,
                batchSize,
                Runtime.getRuntime().availableProcessors(),
                LEARNING_RATE,
                WEIGHT_DECAY);
    }

    private Part measure(TuningTrial trial, FineTuneRounds.Progress progress) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("graft-bench");
        List<MeasuredProcess> contenders = new ArrayList<>();
        try {
            JSON.writeValue(folder.resolve(TuningTrial.FILE).toFile(), trial);
            contenders.add(program("Graft", TuningTrial.OWN, folder));
            Ready ready = contenders.getFirst().answer(Ready.class);
            contenders.add(program("plain DJL loop", TuningTrial.PLAIN, folder));
            Ready unused = contenders.getLast().answer(Ready.class);
            python(folder, contenders);
            return new FineTuneRounds(trial, ready, contenders, rounds, EPOCHS).run(progress);
        } finally {
            for (MeasuredProcess contender : contenders) {
                contender.close();
            }
            Folders.delete(folder);
        }
    }

    private MeasuredProcess program(String name, String contender, Path folder) throws IOException {
        ProcessBuilder builder = new MeasuringProgram(
                        session.installation(), MeasuringProgram.TRAINER, TuningTrial.PROGRAM, REMEDY)
                .builder(JVM_OPTIONS, List.of(contender, folder.toString()));
        return start(name, builder);
    }

    /// Starts a contender. All have the settings of the trainer: on a busy machine threads that wait for
    /// each other would take the time of those they wait for.
    private static MeasuredProcess start(String name, ProcessBuilder builder) throws IOException {
        builder.environment().putAll(NativeSettings.of(Service.TRAINER));
        return MeasuredProcess.start(name, builder, REMEDY);
    }

    /// Adds PyTorch in Python where there is one, and it has the network.
    private void python(Path folder, List<MeasuredProcess> contenders) throws IOException {
        if (peers.python().isEmpty()) {
            return;
        }
        MeasuredProcess python = start("PyTorch in Python", peers.builder("fine-tune", folder.toString()));
        try {
            Ready unused = python.answer(Ready.class);
            contenders.add(python);
        } catch (ActionableException e) {
            session.console().remark(String.valueOf(e.getMessage()));
            python.close();
        }
    }
}
