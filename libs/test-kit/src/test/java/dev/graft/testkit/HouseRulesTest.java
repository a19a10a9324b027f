package dev.graft.testkit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// Checks the modules that cannot check themselves, since this one is built from them, and the rules themselves.
class HouseRulesTest {
    private static final String FIXTURE = "dev.graft.testkit.fixture.";

    @Test
    void holdForThisModule() {
        HouseRules.checkEveryModule("dev.graft.testkit");
    }

    @Test
    void holdForTheEmbeddedServers() {
        JavaClasses classes = HouseRules.classesOfDependency("dev.graft.embedded");

        HouseRules.checkPlainLibrary(classes, "dev.graft.embedded");
    }

    @Test
    void holdForTheContractsWhichKnowNoOtherModule() {
        JavaClasses classes = HouseRules.classesOfDependency("dev.graft.contracts");

        HouseRules.checkPlainLibrary(classes, "dev.graft.contracts");
        HouseRules.checkKnowsOnly(classes, "dev.graft.contracts", "com.fasterxml.jackson..");
    }

    @Test
    void doNotPassForWantOfClasses() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> HouseRules.checkEveryModule("dev.graft.nowhere"))
                .withMessageContaining("no main classes");
    }

    @Test
    void refuseAPackageThatIsNotNullMarked() {
        refuses("unmarked", "has no package-info with @NullMarked");
    }

    @Test
    void refuseNamesThatSayNothing() {
        refuses("vague", "bears a name that says nothing");
    }

    @Test
    void refusePrinting() {
        refuses("talkative", "only programs print");
    }

    @Test
    void refuseAThreadWhoseEndNobodyNotices() {
        refuses("unwatched", "a thread that ends is started again");
    }

    @Test
    void refuseARuleOfAPackageThatDoesNotExist() {
        JavaClasses classes = HouseRules.classesOf("dev.graft.testkit");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PackageRules.check(classes, "dev.graft.vision"))
                .withMessageContaining("names the package dev.graft.vision.")
                .withMessageContaining("which does not exist");
    }

    @Test
    void refuseACircleOfPackages() {
        refuses("circle", "Cycle detected");
    }

    @Test
    void refuseAModuleThatIsNotSaidToBeKnown() {
        JavaClasses classes = HouseRules.classesOf("dev.graft.testkit");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> HouseRules.checkEveryModule(classes, "dev.graft.contracts"))
                .withMessageContaining("dependencies between modules go one way");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> HouseRules.checkEveryModule(classes, "dev.graft.unheard"))
                .withMessageContaining("say in ModuleRules which modules unheard may know");
    }

    @Test
    void refuseAFrameworkInALibrary() {
        JavaClasses classes = new ClassFileImporter().importPackages(FIXTURE + "framework");

        HouseRules.checkEveryModule(classes, FIXTURE + "framework");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> HouseRules.checkPlainLibrary(classes, FIXTURE + "framework"))
                .withMessageContaining("a library serves any program");
    }

    private static void refuses(String fixture, String reason) {
        JavaClasses classes = new ClassFileImporter().importPackages(FIXTURE + fixture);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> HouseRules.checkEveryModule(classes, FIXTURE + fixture))
                .withMessageContaining(reason);
    }
}
