package dev.graft.trainer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.bench.TuningTrial.Ready;
import dev.graft.networks.bench.TuningTrial.Turn;
import dev.graft.trainer.finetune.TunablePart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A contender of a [TuningTrial], which says what it reads and writes. It ends with its input.
///
/// ```
/// java -cp 'trainer-service/target/quarkus-app/lib/main/*:trainer-service/target/quarkus-app/app/*' \
///     dev.graft.trainer.bench.TuningSpeed graft|djl FOLDER
/// ```
public final class TuningSpeed {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainingLoop loop;
    private final int batchSize;

    private TuningSpeed(TrainingLoop loop, int batchSize) {
        this.loop = loop;
        this.batchSize = batchSize;
    }

    /// Answers requests.
    ///
    /// @throws Exception when a contender cannot be made, or a step fails
    @SuppressWarnings("SystemOut") // This is a command; its answers are its output.
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: TuningSpeed graft|djl FOLDER");
        }
        TrialFolder folder = TrialFolder.open(Path.of(arguments[1]));
        try (TrainingLoop loop = loop(arguments[0], folder);
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(JSON.writeValueAsString(ready(folder)));
            TuningSpeed speed = new TuningSpeed(loop, folder.trial().batchSize());
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                System.out.println(JSON.writeValueAsString(speed.turn(line)));
            }
        }
    }

    private static TrainingLoop loop(String contender, TrialFolder folder) throws IOException {
        return switch (contender) {
            case TuningTrial.OWN -> {
                folder.fill();
                yield new OwnLoop(folder);
            }
            case TuningTrial.PLAIN -> new PlainLoop(folder);
            default -> throw new IllegalArgumentException("there is no contender " + contender);
        };
    }

    private static Ready ready(TrialFolder folder) {
        TunablePart part = folder.part();
        long parameters = TrialFolder.trained(part).stream()
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
        return new Ready(parameters, part.trunk().isPresent());
    }

    private Turn turn(String request) throws IOException {
        long startedNanos = System.nanoTime();
        List<Double> losses = List.of();
        if (request.equals(TuningTrial.TRUNK)) {
            loop.passTrunk();
        } else {
            losses = epoch(JSON.readValue(request, int[].class));
        }
        return new Turn((System.nanoTime() - startedNanos) / 1e9, losses);
    }

    private List<Double> epoch(int[] order) {
        List<Double> losses = new ArrayList<>();
        for (int from = 0; from < order.length; from += batchSize) {
            losses.add(loop.step(Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize))));
        }
        return losses;
    }
}
