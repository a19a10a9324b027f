package dev.graft.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The rules of modules and packages that hold everywhere, checked against compiled classes.
public final class HouseRules {
    private static final Set<String> BANNED_SUFFIXES = Set.of("Impl", "Manager", "Helper", "Dto", "Util", "Utils");

    /// Packages whose purpose is to print.
    private static final String[] PROGRAMS = {"..cli..", "..bench.."};

    private HouseRules() {}

    /// Imports the main classes of a module.
    ///
    /// @throws AssertionError when there are none, so that no rule passes on an empty set
    public static JavaClasses classesOf(String packageName) {
        return imported(
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS),
                packageName);
    }

    /// Imports the main classes of another module, wherever the build keeps them.
    ///
    /// @throws AssertionError when there are none
    static JavaClasses classesOfDependency(String packageName) {
        return imported(
                new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS), packageName);
    }

    private static JavaClasses imported(ClassFileImporter importer, String packageName) {
        JavaClasses classes = importer.importPackages(packageName);
        if (classes.isEmpty()) {
            throw new AssertionError("no main classes in " + packageName);
        }
        return classes;
    }

    /// Checks what every module must keep: null-marked packages, plain names, logs by one way only, threads whose end
    /// is noticed, dependencies between modules and between packages that go one way.
    public static void checkEveryModule(String packageName) {
        checkEveryModule(classesOf(packageName), packageName);
    }

    static void checkEveryModule(JavaClasses classes, String packageName) {
        classes().should(beInNullMarkedPackage()).check(classes);
        classes().should(bearPlainNames()).check(classes);
        ModuleRules.knowsOnlyItsModules(packageName).check(classes);
        PackageRules.check(classes, packageName);
        ThreadRules.startsThreadsWhereTheirEndIsNoticed().check(classes);
        ModuleRules.callsOnnxRuntimeOnlyWhereItIsWrapped().check(classes);
        ModuleRules.callsPyTorchOnlyWhereItIsWrapped().check(classes);
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING
                .because("logs go through the JBoss or SLF4J API")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackages(PROGRAMS)
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .because("only programs print; everything else logs")
                .allowEmptyShould(true)
                .check(classes);
    }

    /// Checks what every library that must run without a framework keeps.
    public static void checkPlainLibrary(String packageName) {
        checkPlainLibrary(classesOf(packageName), packageName);
    }

    static void checkPlainLibrary(JavaClasses classes, String packageName) {
        checkEveryModule(classes, packageName);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..", "org.hibernate..")
                .because("a library serves any program")
                .check(classes);
    }

    /// Checks that a module knows nothing but the packages named, its own and the JDK's.
    static void checkKnowsOnly(JavaClasses classes, String packageName, String... known) {
        String[] allowed = Stream.concat(
                        Stream.of(packageName + "..", "java..", "org.jspecify.annotations.."), Arrays.stream(known))
                .toArray(String[]::new);
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed).check(classes);
    }

    private static ArchCondition<JavaClass> beInNullMarkedPackage() {
        return new ArchCondition<>("be in a package that is @NullMarked") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        item, marked, item.getPackageName() + " has no package-info with @NullMarked"));
            }
        };
    }

    private static ArchCondition<JavaClass> bearPlainNames() {
        return new ArchCondition<>("bear a name that says what it is") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean plain = BANNED_SUFFIXES.stream().noneMatch(item.getSimpleName()::endsWith);
                events.add(new SimpleConditionEvent(item, plain, item.getName() + " bears a name that says nothing"));
            }
        };
    }
}
