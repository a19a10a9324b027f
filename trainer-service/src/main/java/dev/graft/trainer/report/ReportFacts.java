package dev.graft.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.Sha256;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.Lineage;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.report.ReportPage.Fact;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The tables of settings and lineage.
final class ReportFacts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("backbone", "Backbone"),
            Map.entry("layer", "Layer"),
            Map.entry("inputSize", "Input size"),
            Map.entry("precision", "Precision"),
            Map.entry("head", "Head"),
            Map.entry("optimizer", "Optimizer"),
            Map.entry("epochs", "Steps at most"),
            Map.entry("batchSize", "Batch size"),
            Map.entry("learningRate", "Learning rate"),
            Map.entry("dropout", "Dropout"),
            Map.entry("classWeights", "Class weights"),
            Map.entry("seed", "Seed"),
            Map.entry("fineTune", "Fine-tuning"),
            Map.entry("testFraction", "Share to evaluate on, when the dataset has no split for it"),
            Map.entry("promote", "Promotion asked for"));

    private ReportFacts() {}

    static List<Fact> settings(TrainedModel model) {
        List<Fact> facts = new ArrayList<>();
        JsonNode spec = JSON.valueToTree(model.spec());
        spec.properties().forEach(setting -> add(facts, setting.getKey(), setting.getValue()));
        TrainedHead head = model.head();
        facts.add(new Fact("Steps done", Figures.count(head.steps())));
        Double strength = head.strength();
        if (strength != null) {
            facts.add(new Fact("Strength of L2 regularisation, chosen", Figures.count(Math.round(strength))));
        }
        facts.add(new Fact("Temperature, chosen", Figures.number(head.temperature())));
        facts.add(new Fact("Accuracy on what was held out for choosing", Figures.percent(head.heldOutAccuracy())));
        return facts;
    }

    /// What holds for the fine-tuning alone is said so.
    private static void add(List<Fact> facts, String setting, JsonNode value) {
        if (value.isObject()) {
            value.properties()
                    .forEach(inner -> facts.add(new Fact(
                            NAMES.getOrDefault(setting, setting) + ": " + inner.getKey(), written(inner.getValue()))));
        } else {
            facts.add(new Fact(NAMES.getOrDefault(setting, setting), written(value)));
        }
    }

    private static String written(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "))
                : value.asText();
    }

    static List<Fact> files(Map<String, ModelCard.BundleFile> files) {
        return new TreeMap<>(files)
                .entrySet().stream()
                        .map(file -> new Fact(
                                file.getKey(), Figures.size(file.getValue().sizeBytes())))
                        .toList();
    }

    static List<Fact> lineage(TrainedModel model) {
        Lineage lineage = model.lineage();
        return List.of(
                new Fact("Dataset", "%s, version %d".formatted(lineage.datasetName(), lineage.datasetVersion())),
                new Fact("Manifest (SHA-256)", lineage.manifestDigest(), true),
                new Fact("Training run", lineage.runId(), true),
                new Fact("Accepted", TIME.format(lineage.startedAt().truncatedTo(ChronoUnit.MINUTES))),
                new Fact(
                        "Backbone",
                        String.join(
                                ", fine-tuned from ",
                                model.extractor().backbone().lineage())),
                new Fact("Weights (SHA-256)", model.extractor().identity().weightsSha256(), true),
                new Fact("Licence of the weights", model.extractor().backbone().license()),
                new Fact("Extractor", lineage.extractorDigest(), true),
                new Fact("Preprocessing", model.extractor().identity().preprocessingDigest(), true),
                new Fact("Head (SHA-256)", Sha256.of(model.headFile()), true));
    }
}
