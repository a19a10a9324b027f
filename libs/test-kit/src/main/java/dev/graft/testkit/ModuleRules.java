package dev.graft.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which modules of this tree a module may know. A module is named by the part of its packages after `dev.graft`; its
/// variant as a bean (`weightstore.cdi`) counts as part of it unless it is listed by itself.
final class ModuleRules {
    private static final String ROOT = "dev.graft.";

    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("contracts", Set.of()),
            Map.entry("objectstore", Set.of()),
            Map.entry("objectstore.cdi", Set.of("objectstore", "problem", "threads")),
            Map.entry("vision", Set.of()),
            Map.entry("networks", Set.of("vision")),
            Map.entry("onnxruntime", Set.of("networks", "vision")),
            Map.entry("pytorch", Set.of("networks", "onnxruntime", "vision")),
            Map.entry("heads", Set.of()),
            Map.entry("problem", Set.of()),
            Map.entry("telemetry", Set.of()),
            Map.entry("threads", Set.of()),
            Map.entry("events", Set.of("contracts", "problem")),
            Map.entry("messaging", Set.of("contracts", "events", "problem", "threads")),
            Map.entry("jobs", Set.of("contracts", "events", "messaging", "problem", "threads")),
            Map.entry("weightstore", Set.of("contracts", "networks", "objectstore", "vision")),
            Map.entry("embedded", Set.of()),
            Map.entry("testkit", Set.of("contracts", "embedded")),
            Map.entry("ingest", Set.of("contracts", "objectstore", "vision", "problem", "events", "messaging", "jobs")),
            Map.entry("feature", computing("pytorch")),
            Map.entry("trainer", computing("pytorch", "heads")),
            Map.entry("predict", computing()),
            Map.entry("cli", Set.of("contracts", "networks", "vision", "embedded", "stack")),
            Map.entry("stack", Set.of("contracts", "embedded")));

    private ModuleRules() {}

    /// What a service that computes with networks may know.
    private static Set<String> computing(String... more) {
        return Stream.concat(
                        Stream.of(
                                "contracts",
                                "objectstore",
                                "vision",
                                "networks",
                                "onnxruntime",
                                "weightstore",
                                "problem",
                                "threads",
                                "events",
                                "messaging",
                                "jobs"),
                        Stream.of(more))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Returns the rule that a module knows no module but those listed for it.
    ///
    /// @throws AssertionError when the module is not listed
    static ArchRule knowsOnlyItsModules(String packageName) {
        String whole = packageName.substring(ROOT.length());
        String module = KNOWN.containsKey(whole) ? whole : whole.split("\\.", 2)[0];
        Set<String> known = KNOWN.get(module);
        if (known == null) {
            throw new AssertionError("say in ModuleRules which modules " + module + " may know");
        }
        String[] allowed = Stream.concat(Stream.of(module), known.stream())
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.graft..").and(not(resideInAnyPackage(allowed))))
                .because("dependencies between modules go one way");
    }

    /// Returns the rule that ONNX Runtime is called where it is wrapped, and by the service that serves models.
    static ArchRule callsOnnxRuntimeOnlyWhereItIsWrapped() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.graft.onnxruntime..", "dev.graft.pytorch.bench..", "dev.graft.predict..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..")
                .because("graft-onnxruntime wraps ONNX Runtime")
                .allowEmptyShould(true);
    }

    /// Returns the rule that PyTorch is called where it is wrapped, and by the service that trains.
    static ArchRule callsPyTorchOnlyWhereItIsWrapped() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.graft.pytorch..", "dev.graft.trainer..", "dev.graft.heads..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .because("graft-pytorch wraps PyTorch")
                .allowEmptyShould(true);
    }
}
