package dev.graft.trainer.run;

import dev.graft.contracts.ModelVersionName;
import dev.graft.contracts.Names;
import dev.graft.contracts.Sha256;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.messaging.Transactions;
import dev.graft.networks.network.Network;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.IdempotencyKey;
import dev.graft.trainer.dataset.Composition;
import dev.graft.trainer.dataset.DatasetVersion;
import dev.graft.trainer.dataset.Datasets;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.trainer.head.TrainingMemory;
import dev.graft.trainer.model.ModelVersions;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Accepts requests for runs: completes and checks them, freezes the dataset, and keeps the run. Blocks.
@ApplicationScoped
class RunRequests {
    private static final Logger LOG = Logger.getLogger(RunRequests.class);

    private static final String RESERVED_NAME = "imagenet";

    private final RunStore store;
    private final Transactions transactions;
    private final ModelVersions models;
    private final Datasets datasets;
    private final WeightStore weights;
    private final Admission admission;

    RunRequests(
            RunStore store,
            Transactions transactions,
            ModelVersions models,
            Datasets datasets,
            WeightStore weights,
            Admission admission) {
        this.store = store;
        this.transactions = transactions;
        this.models = models;
        this.datasets = datasets;
        this.weights = weights;
        this.admission = admission;
    }

    /// Accepts a request; one that came before under the same key gives the run that it began.
    ///
    /// @throws ProblemException with what is wrong with it
    TrainingRun accept(TrainingRunRequest request, @Nullable String idempotencyKey) {
        String fingerprint = Sha256.of(TrainingRun.write(request).getBytes(StandardCharsets.UTF_8));
        Optional<TrainingRun> known = known(idempotencyKey, fingerprint);
        if (known.isPresent()) {
            return known.get();
        }
        String model = Objects.requireNonNullElse(request.model(), request.dataset());
        if (model.equals(RESERVED_NAME)) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "The name imagenet belongs to the classifiers that backbones bring along. Choose another.",
                    "/model");
        }
        RunSpec spec = complete(request);
        DatasetVersion version = datasets.version(request.dataset(), request.datasetVersion());
        requireTrainable(version, spec);
        NewRun run = new NewRun(UUID.randomUUID().toString(), idempotencyKey, fingerprint, version, model, spec);
        if (!accepted(run)) {
            return known(idempotencyKey, fingerprint).orElseThrow();
        }
        LOG.infof("Run accepted runId=%s datasetName=%s modelName=%s", run.id(), version.dataset(), model);
        return store.require(run.id());
    }

    private RunSpec complete(TrainingRunRequest request) {
        try {
            return RunSpecs.complete(weights, request);
        } catch (ProblemException e) {
            String backbone = request.backbone();
            boolean unknown = e.problem().type().equals(ProblemType.BACKBONE_NOT_FOUND.uri());
            if (unknown && backbone != null && backbone.matches(Names.PATTERN)) {
                requireNoModel(backbone);
            }
            throw e;
        }
    }

    /// A model alone is no backbone: which of its versions is meant would change from day to day.
    private void requireNoModel(String backbone) {
        transactions.call(session -> models.newest(session, backbone)).ifPresent(newest -> {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "%s is a model, not a backbone. Name a version of it that was fine-tuned, %s; %s is the newest version."
                            .formatted(backbone, ModelVersionName.FORM, new ModelVersionName(backbone, newest)),
                    "/backbone");
        });
    }

    private boolean accepted(NewRun run) {
        try {
            return store.accept(run);
        } catch (TooManyJobsException e) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY, "%,d runs are open already. Try again later.".formatted(e.maxOpen()), e);
        }
    }

    private Optional<TrainingRun> known(@Nullable String key, String fingerprint) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<TrainingRun> known = store.findByKey(key);
        if (known.isPresent() && !known.get().fingerprint.equals(fingerprint)) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "The key %s was sent with another request before. Choose a new one.".formatted(key),
                    IdempotencyKey.HEADER);
        }
        return known;
    }

    /// Counts the dataset as the run will divide it, so that what cannot work is refused now, and not after minutes.
    private void requireTrainable(DatasetVersion version, RunSpec spec) {
        Composition composition = datasets.composition(version.manifestKey(), version.manifestDigest());
        composition.requireTrainable(spec.testFraction());
        int classes = composition.labels().size();
        Network network = Extractors.chosen(weights, spec.extractor()).network();
        long dimension = network.outputShape().elements();
        requireWeightsOf(spec, composition.labels());
        HeadSettings settings = spec.headSettings(composition.labels());
        admission.require(
                settings,
                new TrainingMemory.Size(
                        composition.learned(spec.testFraction()),
                        composition.evaluated(spec.testFraction()),
                        dimension,
                        classes));
        FineTuneSettings fineTune = spec.fineTune();
        if (fineTune != null) {
            List<Integer> widths = settings.architecture().widths(classes);
            admission.require(
                    TunablePart.of(network, fineTune.stages(), widths),
                    fineTune,
                    composition.learned(spec.testFraction()));
        }
        if (spec.head().equals("sigmoid") && classes != 2) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "A sigmoid head is for two classes; the dataset has %d. Use linear.".formatted(classes),
                    "/head");
        }
    }

    private static void requireWeightsOf(RunSpec spec, List<String> labels) {
        try {
            WrittenClassWeights.parse(spec.classWeights()).requireAmong(labels);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "The weights of the classes do not fit: %s.".formatted(e.getMessage()),
                    "/classWeights");
        }
    }
}
