package dev.graft.cli.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import dev.graft.contracts.ModelVersionName;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Layer;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.stack.ActionableException;
import dev.graft.vision.Preprocessing;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints the layers of a network. Nothing is started, for the description of the network says it all,
/// unless a version of a model is meant: the services know of which network it is.
@Command(
        name = "summary",
        description = {
            "Print the layers of a network.",
            "Needs no weights, and starts nothing but for a version of a model."
        })
@SuppressWarnings("NullAway.Init") // Filled in by picocli.
public final class SummaryCommand extends SessionCommand {
    @Parameters(
            paramLabel = "BACKBONE",
            description = "A name from ./graft backbones, an architecture, or NAME@VERSION of a fine-tuned model.")
    private String name;

    @Option(names = "--input-size", paramLabel = "N", description = "Side of the pictures as the network sees them.")
    private @Nullable Integer inputSize;

    @Option(
            names = "--trainable",
            paramLabel = "STAGE",
            split = ",",
            description = "Stages, layers or patterns with * to count as trained; all others count as frozen.")
    private List<String> trainable = List.of();

    /// What `--json` prints.
    ///
    /// @param trainable how many of the parameters are trained
    record Summary(String name, long parameters, long trainable, List<Row> layers, long sizeBytes) {
        int inputSizePixels() {
            return layers.getFirst().outputShape().getLast();
        }
    }

    /// @param outputShape for one image
    /// @param trainable   whether it is trained
    record Row(String name, String type, List<Integer> outputShape, long parameters, boolean trainable) {}

    /// What is meant.
    ///
    /// @param name as it is printed
    /// @param inputSize its own, in pixels; absent: the network's
    /// @param known whether these weights are, and not only their architecture
    private record Meant(String name, String architecture, Optional<Integer> inputSize, boolean known) {}

    private Meant meant(Session session) throws IOException, InterruptedException {
        if (ModelVersionName.isMeantBy(name)) {
            JsonNode tuned = session.services().feature().backbone(name);
            return new Meant(
                    name,
                    tuned.path("architecture").asText(),
                    Optional.of(tuned.path("inputSizePixels").asInt()),
                    true);
        }
        Catalogue catalogue = Catalogue.standard();
        String architecture = Backbone.architectureOf(name);
        Optional<Backbone> listed = catalogue.find(name);
        return new Meant(
                listed.map(Backbone::name).orElse(name),
                architecture,
                listed.map(Backbone::preprocessing)
                        .or(() -> catalogue.recipe(architecture))
                        .map(Preprocessing::inputSizePixels),
                listed.isPresent() || architecture.equals(name));
    }

    @Override
    protected void run(Session session) throws Exception {
        Meant meant = meant(session);
        Network network = network(meant);
        Set<String> trained = trained(network);
        List<Row> rows = network.layers().stream()
                .map(layer -> row(layer, trained.contains(layer.name())))
                .toList();
        long trainedParameters =
                rows.stream().filter(Row::trainable).mapToLong(Row::parameters).sum();
        Summary summary =
                new Summary(meant.name(), network.parameterCount(), trainedParameters, rows, network.sizeBytes());
        if (!meant.known()) {
            session.console()
                    .remark("The catalogue has no weight set %s; these are the layers of every %s."
                            .formatted(name, meant.architecture()));
        }
        session.console().result(summary, () -> print(session.console(), summary, network.stages()));
    }

    private Network network(Meant meant) {
        String architecture = meant.architecture();
        if (!Architectures.names().contains(architecture)) {
            throw new ActionableException(
                    "There is no backbone " + name + ".",
                    "./graft backbones lists them; the architectures are " + String.join(", ", Architectures.names())
                            + ".");
        }
        Network network = Architectures.named(architecture);
        int size = inputSize != null ? inputSize : meant.inputSize().orElse(network.inputSize());
        try {
            return network.withInputSize(size);
        } catch (IllegalArgumentException e) {
            throw new ActionableException(
                    "%s does not take pictures of %d pixels.".formatted(architecture, size),
                    "Its own size is %d.".formatted(network.inputSize()));
        }
    }

    private Set<String> trained(Network network) {
        Set<String> names = new HashSet<>();
        for (String wanted : trainable) {
            try {
                network.select(wanted).stream().map(Node::name).forEach(names::add);
            } catch (IllegalArgumentException e) {
                throw new ActionableException(
                        "%s has no layer %s.".formatted(network.name(), wanted),
                        "Its stages are " + String.join(", ", network.stages()) + ".");
            }
        }
        return names;
    }

    private static Row row(Layer layer, boolean trained) {
        return new Row(
                layer.name(),
                layer.type(),
                layer.outputShape().dimensions(),
                layer.parameters(),
                trained && layer.parameters() > 0);
    }

    private static void print(Console console, Summary summary, List<String> stages) {
        Table table = new Table("LAYER", "TYPE", "OUTPUT", "PARAMETERS", "TRAINABLE");
        for (Row row : summary.layers()) {
            table.row(
                    row.name(),
                    row.type(),
                    String.join(
                            " x ",
                            row.outputShape().stream().map(String::valueOf).toList()),
                    row.parameters() == 0 ? "" : counted(row.parameters()),
                    row.trainable() ? "yes" : "");
        }
        console.say("%s, pictures of %d pixels", summary.name(), summary.inputSizePixels());
        table.lines().forEach(line -> console.say("%s", line));
        console.say("Stages:     %s", String.join(", ", stages));
        console.say("Parameters: %s (%s)", counted(summary.parameters()), Sizes.words(summary.sizeBytes()));
        console.say("Trainable:  %s", counted(summary.trainable()));
        console.say("Frozen:     %s", counted(summary.parameters() - summary.trainable()));
    }

    private static String counted(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
