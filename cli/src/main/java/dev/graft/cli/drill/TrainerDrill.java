package dev.graft.cli.drill;

import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Fractions;
import dev.graft.cli.console.Progress;
import dev.graft.cli.dataset.ImageImport;
import dev.graft.cli.folder.ImageSource;
import dev.graft.cli.rest.FineTuneRequest;
import dev.graft.cli.rest.ProblemView;
import dev.graft.cli.rest.Services;
import dev.graft.cli.rest.TrainingRequest;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.cli.rest.VersionView;
import dev.graft.cli.session.OwnStack;
import dev.graft.stack.ActionableException;
import dev.graft.stack.StackDatabase;
import dev.graft.stack.StackState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Fine-tunes once undisturbed, and then the same again and again under other names of models, while it
/// kills the process that trains.
///
/// What an epoch does depends on all that is kept of those before: parameters, state of the optimizer and
/// steps, from which the schedule and what is drawn follow (variants, dropout). The head begins anew: were no
/// epoch better than the beginning, the model would say nothing of the epochs.
///
/// Each moment is drawn evenly from the time that an undisturbed run took last, and counts from when a process
/// has taken the run up, first or again. Where a run comes to its end before its moment, another one begins,
/// and a moment is drawn anew.
///
/// @param kills how many have to hit a run
record TrainerDrill(OwnStack stack, Services services, int kills, long seed) {
    private static final String DATASET = "drill";
    private static final List<String> STAGES = List.of("conv_head");
    private static final String AUGMENT = "light";
    private static final double DROPOUT = 0.2;
    private static final int EPOCHS = 6;

    /// The longest pause of the supervisor, and the start of a service, by far.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// A process that has just started is slower.
    private static final int RUNS_WAITED_FOR = 4;

    TrainerDrillReport run(ImageSource images) throws IOException, SQLException, InterruptedException {
        long beganNanos = System.nanoTime();
        new ImageImport(console(), services.ingest()).run(DATASET, images);
        VersionView version = services.ingest().freeze(DATASET);
        TrainingRunView undisturbed = undisturbed(version);
        Fingerprint expected = fingerprint(undisturbed);
        double trainingSeconds =
                Objects.requireNonNull(undisturbed.result()).seconds().training();
        List<Kill> hits = new ArrayList<>();
        List<TrainerDrillReport.Killed> killed = new ArrayList<>();
        try (Connection database =
                StackDatabase.connect(stack.session().data(), stack.state().ports())) {
            Moments moments = new Moments(seed, trainingSeconds);
            Duration patience = PATIENCE.plusSeconds(Math.round(RUNS_WAITED_FOR * trainingSeconds));
            for (int number = 1; hits.size() < kills; number++) {
                TrainingRunView begun = begin(version, "killed-" + number);
                int before = hits.size();
                kill(new KilledRun(stack, new RunRows(database), begun.id(), number, EPOCHS, patience), moments, hits);
                TrainingRunView ended = services.trainer().run(begun.id());
                killed.add(compared(ended, hits.size() - before, expected));
                if (hits.size() == before && ended.result() != null) {
                    moments.runTakes(ended.result().seconds().training());
                }
            }
        }
        return TrainerDrillReport.of(
                seed,
                EPOCHS,
                new TrainerDrillReport.Undisturbed(undisturbed.id(), trainingSeconds, expected.parts()),
                hits,
                killed,
                Durations.secondsSince(beganNanos));
    }

    private TrainingRunView undisturbed(VersionView version) throws IOException {
        try (Progress progress = console().progress("undisturbed")) {
            TrainingRunView ended =
                    services.trainer().follow(begin(version, "undisturbed"), now -> show(progress, now));
            requireUndisturbed();
            TrainingRunView.Result result = Objects.requireNonNull(ended.result());
            progress.done("%s of training, accuracy %s"
                    .formatted(Durations.words(result.seconds().training()), Fractions.percent(result.testAccuracy())));
            return ended;
        }
    }

    /// A service that the machine has no memory for ends, and is started again.
    private void requireUndisturbed() throws IOException {
        for (StackState.Part part : stack.state().parts()) {
            if (part.restarts() > 0) {
                throw new ActionableException(
                        "The part %s of the stack ended by itself and was started again.".formatted(part.name()),
                        "See to it that the machine has enough memory.");
            }
        }
    }

    private static void show(Progress progress, TrainingRunView run) {
        TrainingRunView.Progress now = run.progress();
        if (now == null) {
            progress.note(run.state().toLowerCase(Locale.ROOT));
        } else {
            progress.update(
                    now.done(),
                    now.total(),
                    now.phase().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private TrainingRunView begin(VersionView version, String model) {
        TrainingRequest request = TrainingRequest.ofFineTuning(
                DATASET, version.version(), model, STAGES, FineTuneRequest.ofJointEpochs(EPOCHS), AUGMENT, DROPOUT);
        return services.trainer().train(request, null);
    }

    /// Kills until the run has ended, or there were enough kills; then it goes on to its end.
    private void kill(KilledRun run, Moments moments, List<Kill> hits)
            throws IOException, SQLException, InterruptedException {
        run.awaitBegin();
        while (hits.size() < kills) {
            Optional<Kill> hit = run.kill("%d of %d".formatted(hits.size() + 1, kills), moments.next());
            if (hit.isEmpty()) {
                return;
            }
            hits.add(hit.get());
        }
        run.awaitEnd();
    }

    private TrainerDrillReport.Killed compared(TrainingRunView run, int hits, Fingerprint expected) {
        ProblemView problem = run.problem();
        return new TrainerDrillReport.Killed(
                run.id(),
                run.state(),
                hits,
                problem == null ? null : problem.sentence(),
                fingerprint(run).differencesFrom(expected));
    }

    private Fingerprint fingerprint(TrainingRunView run) {
        return Fingerprint.of(
                run, name -> services.trainer().file(run.model(), Objects.requireNonNull(run.version()), name));
    }

    private Console console() {
        return stack.session().console();
    }
}
