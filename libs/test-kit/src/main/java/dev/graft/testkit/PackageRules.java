package dev.graft.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Stream;

/// What packages say in their `package-info` that they must not know of the packages beside them. What modules may know
/// is in [ModuleRules].
final class PackageRules {
    private static final String ROOT = "dev.graft.";

    /// The packages of the command line that hold commands, and its root.
    private static final List<String> COMMANDS = List.of(
            "cli",
            "cli.augmentation",
            "cli.backbone",
            "cli.bench",
            "cli.dataset",
            "cli.deadletter",
            "cli.demo",
            "cli.drill",
            "cli.embedding",
            "cli.model",
            "cli.prediction",
            "cli.stack",
            "cli.training",
            "cli.weights");

    /// For each package, those that it must not know, without `dev.graft.` before them; `..` stands for all below, too.
    private static final Map<String, String[]> UNKNOWN = Map.ofEntries(
            commands("cli.augmentation"),
            commands("cli.backbone"),
            commands("cli.bench", "cli.dataset"),
            unknown("cli.console", "cli..", "stack..", "contracts..", "networks.."),
            commands("cli.dataset"),
            commands("cli.deadletter"),
            commands("cli.demo", "cli.dataset", "cli.training", "cli.prediction"),
            commands("cli.drill", "cli.dataset"),
            commands("cli.embedding"),
            unknown("cli.folder", "cli.."),
            unknown("cli.hub", "cli..", "networks.."),
            commands("cli.model"),
            commands("cli.prediction"),
            unknown("cli.rest", commandsAnd("cli.console", "cli.hub", "cli.session", "networks..")),
            unknown("cli.session", commandsAnd("networks..")),
            commands("cli.stack"),
            commands("cli.training", "cli.embedding"),
            commands("cli.weights"),
            unknown(
                    "feature.bench",
                    "feature.embedding",
                    "feature.job",
                    "feature.queue",
                    "feature.pipeline",
                    "objectstore..",
                    "messaging.."),
            unknown("feature.calibration", "feature.embedding", "feature.job", "feature.queue", "feature.pipeline"),
            unknown(
                    "feature.embedding",
                    "feature.pipeline",
                    "feature.job",
                    "feature.queue",
                    "onnxruntime..",
                    "pytorch.."),
            unknown("feature.extractor", "feature.pipeline", "feature.job", "feature.queue", "feature.embedding"),
            unknown("feature.job", "networks..", "onnxruntime..", "pytorch.."),
            unknown(
                    "feature.manifest",
                    "feature.calibration",
                    "feature.pipeline",
                    "feature.job",
                    "feature.queue",
                    "feature.embedding",
                    "feature.extractor"),
            unknown("feature.pipeline", "feature.job"),
            unknown(
                    "feature.queue",
                    "feature.pipeline",
                    "feature.embedding",
                    "networks..",
                    "onnxruntime..",
                    "pytorch.."),
            unknown(
                    "ingest.archive",
                    "ingest.dataset",
                    "ingest.intake",
                    "ingest.membership",
                    "ingest.imports",
                    "ingest.version",
                    "messaging..",
                    "objectstore.."),
            unknown("ingest.dataset", "ingest.intake", "ingest.membership", "ingest.imports", "ingest.archive"),
            unknown(
                    "ingest.http",
                    "ingest.dataset",
                    "ingest.intake",
                    "ingest.membership",
                    "ingest.imports",
                    "ingest.version",
                    "ingest.archive"),
            unknown("ingest.membership", "ingest.imports", "ingest.archive"),
            unknown("ingest.intake", "ingest.http", "ingest.imports", "ingest.archive"),
            unknown("ingest.version", "ingest.intake", "ingest.imports", "ingest.archive"),
            unknown("networks", "networks.onnx", "networks.weights", "networks.inference", "networks.quantisation"),
            unknown(
                    "networks.architecture",
                    "networks.onnx",
                    "networks.weights",
                    "networks.inference",
                    "networks.quantisation"),
            unknown(
                    "networks.folding",
                    "networks",
                    "networks.architecture",
                    "networks.onnx",
                    "networks.weights",
                    "networks.inference",
                    "networks.quantisation"),
            unknown("networks.inference", "networks.onnx", "networks.architecture"),
            unknown(
                    "networks.network",
                    "networks",
                    "networks.folding",
                    "networks.training",
                    "networks.architecture",
                    "networks.onnx",
                    "networks.weights",
                    "networks.inference",
                    "networks.quantisation"),
            unknown("networks.onnx", "networks.inference"),
            unknown(
                    "networks.quantisation",
                    "networks.network",
                    "networks.onnx",
                    "networks.weights",
                    "networks.inference",
                    "networks.architecture"),
            unknown(
                    "networks.training",
                    "networks",
                    "networks.architecture",
                    "networks.folding",
                    "networks.onnx",
                    "networks.weights",
                    "networks.inference",
                    "networks.quantisation"),
            unknown(
                    "networks.weights",
                    "networks.onnx",
                    "networks.inference",
                    "networks.quantisation",
                    "networks.architecture"),
            unknown("predict.imagenet", "predict.http", "predict.request"),
            unknown("predict.model", "predict.http", "predict.request", "predict.prediction"),
            unknown("predict.prediction", "predict.http", "predict.request", "predict.oip"),
            unknown("predict.request", "predict.http", "predict.oip"),
            unknown("pytorch", "networks.onnx", "onnxruntime.."),
            unknown("pytorch.training", "networks.onnx", "onnxruntime..", "pytorch.engine", "pytorch.bench"),
            unknown("stack", "cli.."),
            unknown("trainer.dataset", "trainer.run", "trainer.model", "trainer.evaluation", "trainer.embedding"),
            unknown("trainer.evaluation", "trainer.run", "trainer.dataset", "trainer.embedding", "trainer.model"),
            unknown(
                    "trainer.finetune",
                    "trainer.run",
                    "trainer.dataset",
                    "trainer.embedding",
                    "trainer.model",
                    "trainer.evaluation",
                    "trainer.report",
                    "trainer.stage"),
            unknown(
                    "trainer.head",
                    "trainer.run",
                    "trainer.dataset",
                    "trainer.embedding",
                    "trainer.model",
                    "trainer.evaluation",
                    "trainer.report"),
            unknown("vision.augment", "vision.jpeg", "vision.webp"),
            unknown("vision.jpeg", "vision.augment", "vision.webp"),
            unknown("vision.webp", "vision.augment", "vision.jpeg"));

    private PackageRules() {}

    private static Entry<String, String[]> unknown(String packageName, String... others) {
        return Map.entry(packageName, others);
    }

    /// A package of commands knows no other one but those named.
    private static Entry<String, String[]> commands(String packageName, String... known) {
        List<String> unknown = new ArrayList<>(COMMANDS);
        unknown.remove(packageName);
        unknown.removeAll(List.of(known));
        return unknown(packageName, unknown.toArray(String[]::new));
    }

    /// What the packages below the commands do not know: the commands, and others.
    private static String[] commandsAnd(String... others) {
        return Stream.concat(COMMANDS.stream(), Arrays.stream(others)).toArray(String[]::new);
    }

    /// Checks the laws of the packages of a module.
    ///
    /// @param packageName the module's
    /// @throws AssertionError also when a law names a package of the module that does not exist
    static void check(JavaClasses classes, String packageName) {
        UNKNOWN.forEach((name, others) -> {
            requireExistence(classes, packageName, name);
            for (String other : others) {
                requireExistence(classes, packageName, other);
            }
            String whole = ROOT + name;
            if (isOf(packageName, whole)) {
                String[] unknown = Arrays.stream(others).map(ROOT::concat).toArray(String[]::new);
                noClasses()
                        .that()
                        .resideInAPackage(whole)
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(unknown).and(not(resideInAnyPackage(whole))))
                        .because("the documentation of the package says so")
                        .check(classes);
            }
        });
        checkNoCircle(classes, packageName);
    }

    private static void requireExistence(JavaClasses classes, String packageName, String named) {
        boolean andBelow = named.endsWith("..");
        String whole = ROOT + (andBelow ? named.substring(0, named.length() - 2) : named);
        boolean exists = !isOf(packageName, whole)
                || classes.stream()
                        .map(JavaClass::getPackageName)
                        .anyMatch(name -> andBelow ? isOf(whole, name) : name.equals(whole));
        if (!exists) {
            throw new AssertionError("PackageRules names the package " + whole + ", which does not exist");
        }
    }

    private static boolean isOf(String packageName, String name) {
        return name.equals(packageName) || name.startsWith(packageName + ".");
    }

    /// Checks that the packages of a module form no circle, so that what passes through it enters each package once.
    private static void checkNoCircle(JavaClasses classes, String packageName) {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        String name = javaClass.getPackageName();
                        return isOf(packageName, name) ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages of " + packageName;
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}
