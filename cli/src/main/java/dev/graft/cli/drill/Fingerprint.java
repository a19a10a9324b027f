package dev.graft.cli.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a run that has ended is compared by.
///
/// @param parts by name: the state, and where it succeeded the accuracy, the digest of the result, and the
///              SHA-256 of each file of the model version, of some without what must differ
record Fingerprint(SortedMap<String, String> parts) {
    /// Members that name the run, its model and its time.
    private static final List<String> OWN_MEMBERS = List.of("model", "version", "run", "createdAt");

    private static final String REPORT = "report.html";
    private static final String ACCEPTED = "(<th scope=\"row\">Accepted</th><td>)[^<]*";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Takes it of a run that has ended.
    ///
    /// @param files gives the files of its model version by their names
    static Fingerprint of(TrainingRunView run, Function<String, byte[]> files) {
        SortedMap<String, String> parts = new TreeMap<>();
        parts.put("state", run.state());
        TrainingRunView.Result result = run.result();
        if (result != null) {
            parts.put("test accuracy", String.valueOf(result.testAccuracy()));
            parts.put("result's digest", result.digest());
            ObjectNode card = card(files.apply(ModelCard.FILE));
            for (String name : namesOfFiles(card)) {
                parts.put(name, digest(run, name, files.apply(name)));
            }
            parts.put("epoch that was kept", card.at("/fineTuning/bestEpoch").asText());
            parts.put(ModelCard.FILE, Sha256.of(bytes(withoutOwn(card))));
        }
        return new Fingerprint(parts);
    }

    private static List<String> namesOfFiles(ObjectNode card) {
        return card.path("files").properties().stream().map(Map.Entry::getKey).toList();
    }

    private static String digest(TrainingRunView run, String name, byte[] file) {
        return Sha256.of(name.equals(REPORT) ? withoutOwn(run, file) : file);
    }

    /// The file of the report holds the names of the run and the model, and so has another digest each
    /// time.
    private static ObjectNode withoutOwn(ObjectNode card) {
        ObjectNode others = card.deepCopy().without(OWN_MEMBERS);
        others.withObject("/files").remove(REPORT);
        return others;
    }

    private static byte[] withoutOwn(TrainingRunView run, byte[] report) {
        return new String(report, StandardCharsets.UTF_8)
                .replace(run.id(), "")
                .replace(run.model(), "")
                .replaceFirst(ACCEPTED, "$1")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode card(byte[] file) {
        try {
            return JSON.readValue(file, ObjectNode.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the description of a model is no JSON", damaged);
        }
    }

    private static byte[] bytes(ObjectNode card) {
        return card.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Names the parts that are other ones, or missing, in one of the two.
    List<String> differencesFrom(Fingerprint other) {
        return Stream.concat(parts.keySet().stream(), other.parts.keySet().stream())
                .distinct()
                .sorted()
                .filter(part -> !Objects.equals(parts.get(part), other.parts.get(part)))
                .toList();
    }
}
