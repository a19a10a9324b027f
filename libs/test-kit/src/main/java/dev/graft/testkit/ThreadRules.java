package dev.graft.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/// Who may start threads.
final class ThreadRules {
    /// Those that are no service, and what looks after threads.
    private static final String[] FREE = {
        "dev.graft.threads..",
        "dev.graft.embedded..",
        "dev.graft.cli..",
        "dev.graft.stack..",
        "dev.graft.testkit",
        "dev.graft.testkit.http",
        "dev.graft.testkit.sql"
    };

    /// Their threads end with one piece of work, and who asked for that learns how it ended.
    private static final String OF_ONE_WORK = String.join(
            "|",
            "dev.graft.jobs.JobTopic",
            "dev.graft.feature.calibration.CalibrationResource",
            "dev.graft.feature.pipeline.EmbeddingPipeline",
            "dev.graft.feature.pipeline.ImageFetcher",
            "dev.graft.trainer.dataset.IngestCalls",
            "dev.graft.trainer.head.Workers(\\$.*)?");

    private ThreadRules() {}

    /// Returns the rule that a service starts its threads where their end is noticed. A pool replaces its threads by
    /// itself.
    static ArchRule startsThreadsWhereTheirEndIsNoticed() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(FREE)
                .and(not(nameMatching(OF_ONE_WORK)))
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(Thread.Builder.class))).and(target(nameMatching("start|unstarted"))))
                .orShould()
                .callMethodWhere(
                        target(owner(assignableTo(Thread.class))).and(target(nameMatching("start|startVirtualThread"))))
                .because("a thread that ends is started again, or liveness says so: see graft-threads")
                .allowEmptyShould(true);
    }
}
