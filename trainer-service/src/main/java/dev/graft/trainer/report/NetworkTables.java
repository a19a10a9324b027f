package dev.graft.trainer.report;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.report.ReportPage.LayerRow;
import dev.graft.trainer.report.ReportPage.NetworkTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Lists what a model consists of, and what of it was trained.
final class NetworkTables {
    private static final String HEAD = "head";

    private NetworkTables() {}

    static NetworkTable of(TrainedModel model) {
        Network network = model.extractor().network();
        Set<String> trained = trained(model, network);
        List<HeadLayer> head = model.head().layers();
        return new NetworkTable(
                stages(network, trained, head), layers(network, trained, head), totals(network, trained, head));
    }

    private static List<LayerRow> stages(Network network, Set<String> trained, List<HeadLayer> head) {
        Map<String, List<Step>> stages = new LinkedHashMap<>();
        network.steps()
                .forEach(step -> stages.computeIfAbsent(step.node().stage(), _ -> new ArrayList<>())
                        .add(step));
        List<LayerRow> rows = new ArrayList<>();
        stages.forEach((stage, steps) -> rows.add(
                row(stage, counted(steps.size(), "step"), steps.getLast().outputShape(), steps, trained)));
        rows.add(row(HEAD, counted(head.size(), "layer"), head.getLast().outFeatures(), parameters(head)));
        return rows;
    }

    private static List<LayerRow> layers(Network network, Set<String> trained, List<HeadLayer> head) {
        List<LayerRow> rows = new ArrayList<>();
        network.steps().stream()
                .filter(step -> step.parameterCount() > 0)
                .forEach(step ->
                        rows.add(row(step.name(), step.layer().type(), step.outputShape(), List.of(step), trained)));
        for (int i = 0; i < head.size(); i++) {
            rows.add(row(HEAD + "." + i, "Linear", head.get(i).outFeatures(), parameters(List.of(head.get(i)))));
        }
        return rows;
    }

    private static String totals(Network network, Set<String> trained, List<HeadLayer> head) {
        long ofBackbone = parameters(network.steps(), trained);
        return "%s parameters of the backbone were trained, %s stayed as they were; the head has %s."
                .formatted(
                        ofBackbone == 0 ? "No" : Figures.count(ofBackbone),
                        Figures.count(network.parameterCount() - ofBackbone),
                        Figures.count(parameters(head)));
    }

    private static String counted(int count, String unit) {
        return count == 1 ? "1 " + unit : count + " " + unit + "s";
    }

    private static Set<String> trained(TrainedModel model, Network network) {
        List<Integer> widths =
                model.head().layers().stream().map(HeadLayer::outFeatures).toList();
        return model.tuned().stream()
                .flatMap(backbone -> TunablePart.of(network, backbone.settings().stages(), widths).trained().stream())
                .map(Node::name)
                .collect(Collectors.toSet());
    }

    private static LayerRow row(String name, String type, Shape shape, List<Step> steps, Set<String> trained) {
        long all = steps.stream().mapToLong(Step::parameterCount).sum();
        long learned = parameters(steps, trained);
        return new LayerRow(
                name,
                type,
                shape.dimensions().stream().map(String::valueOf).collect(Collectors.joining(" × ")),
                Figures.count(all),
                learned == 0 ? "" : learned == all ? "all" : Figures.count(learned));
    }

    /// Describes what of the head was trained, as all of it is.
    private static LayerRow row(String name, String type, int outFeatures, long parameters) {
        return new LayerRow(name, type, String.valueOf(outFeatures), Figures.count(parameters), "all");
    }

    private static long parameters(List<Step> steps, Set<String> trained) {
        return steps.stream()
                .filter(step -> trained.contains(step.name()))
                .mapToLong(Step::parameterCount)
                .sum();
    }

    private static long parameters(List<HeadLayer> head) {
        return head.stream()
                .mapToLong(layer -> (long) layer.weight().length + layer.bias().length)
                .sum();
    }
}
