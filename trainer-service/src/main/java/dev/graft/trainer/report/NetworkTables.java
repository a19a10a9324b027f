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
        Map<String, List<Step>> stages = new LinkedHashMap<>();
        network.steps()
                .forEach(step -> stages.computeIfAbsent(step.node().stage(), _ -> new ArrayList<>())
                        .add(step));
        List<LayerRow> stageRows = new ArrayList<>();
        stages.forEach((stage, steps) -> stageRows.add(
                row(stage, steps.size() + " steps", steps.getLast().outputShape(), steps, trained)));
        List<LayerRow> layerRows = new ArrayList<>();
        network.steps().stream()
                .filter(step -> step.parameterCount() > 0)
                .forEach(step -> layerRows.add(
                        row(step.name(), step.layer().type(), step.outputShape(), List.of(step), trained)));
        List<HeadLayer> head = model.head().layers();
        stageRows.add(new LayerRow(
                HEAD,
                head.size() == 1 ? "1 layer" : head.size() + " layers",
                String.valueOf(head.getLast().outFeatures()),
                Figures.count(head.stream().mapToLong(NetworkTables::parameters).sum()),
                "all"));
        for (int i = 0; i < head.size(); i++) {
            HeadLayer layer = head.get(i);
            layerRows.add(new LayerRow(
                    HEAD + "." + i,
                    "Linear",
                    String.valueOf(layer.outFeatures()),
                    Figures.count(parameters(layer)),
                    "all"));
        }
        long ofBackbone = parameters(network.steps(), trained);
        return new NetworkTable(
                stageRows,
                layerRows,
                "%s parameters of the backbone were trained, %s stayed as they were; the head has %s."
                        .formatted(
                                ofBackbone == 0 ? "No" : Figures.count(ofBackbone),
                                Figures.count(network.parameterCount() - ofBackbone),
                                Figures.count(head.stream()
                                        .mapToLong(NetworkTables::parameters)
                                        .sum())));
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

    private static long parameters(List<Step> steps, Set<String> trained) {
        return steps.stream()
                .filter(step -> trained.contains(step.name()))
                .mapToLong(Step::parameterCount)
                .sum();
    }

    private static long parameters(HeadLayer layer) {
        return (long) layer.weight().length + layer.bias().length;
    }
}
