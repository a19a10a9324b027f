package dev.graft.feature.extractor;

import dev.graft.contracts.Precision;
import dev.graft.feature.EmbeddingConfig;
import dev.graft.networks.Backbone;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectStoreRefusedException;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.UnusableChoiceException;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Loads networks into the configured engine.
@ApplicationScoped
public class ExtractorOpener {
    private static final Logger LOG = Logger.getLogger(ExtractorOpener.class);

    private final WeightStore weights;
    private final EngineChoice engine;
    private final EmbeddingConfig config;
    private final NetworkMemory memory;

    /// Makes an opener.
    ///
    /// @param engine `auto`, `onnxruntime` or `pytorch`
    /// @param device `auto`, `cpu` or `cuda:N`
    public ExtractorOpener(
            @ConfigProperty(name = "graft.engine", defaultValue = "auto") String engine,
            @ConfigProperty(name = "graft.device", defaultValue = "auto") String device,
            WeightStore weights,
            EmbeddingConfig config) {
        this.weights = weights;
        this.engine = EngineChoice.parse(engine, device);
        this.config = config;
        this.memory = new NetworkMemory(config);
    }

    /// Gives the most images that go through a network together.
    public int batchSize() {
        return config.batchSize().orElseGet(engine::fastBatch);
    }

    /// Checks that the configured engine computes in eight bits.
    ///
    /// @throws IllegalArgumentException when it does not
    public void requireEightBits() {
        engine.requireEightBits();
    }

    /// Returns the memory that open networks may take together.
    long memoryBytes() {
        return memory.boundBytes();
    }

    /// Returns the memory that an extractor takes while it is open and images pass through it, and checks that
    /// it may be opened. Memory of a CUDA device does not count.
    ///
    /// @throws ProblemException `SETTING_UNSUPPORTED` with the field and the bound when one image alone takes
    ///     too much; or what is said of its weights where they are not known any more
    public long memoryBytes(KnownExtractor extractor) {
        return plan(extractor, backbone(extractor)).bytes();
    }

    private PassMemory.Plan plan(KnownExtractor extractor, Backbone sized) {
        // One pass more than threads of the pipeline, so that a user who sends an image does not wait for a batch.
        int parallelism = config.computeThreads() + 1;
        if (extractor.precision() == Precision.F32 && !engine.computesOnCpu()) {
            return new PassMemory.Plan(batchSize(), parallelism, 0);
        }
        return memory.plan(sized, TransferLayer.parse(extractor.layer()), batchSize(), parallelism);
    }

    private Backbone backbone(KnownExtractor extractor) {
        try {
            return weights.named(extractor.backbone()).withInputSize(extractor.inputSizePixels());
        } catch (UnusableChoiceException e) {
            throw ChoiceProblems.of(e);
        }
    }

    /// Finds what computes exactly this extractor's embeddings.
    private ChosenExtractor chosen(KnownExtractor extractor) {
        try {
            return ChosenExtractor.of(weights, extractor.choice(), extractor.digest());
        } catch (UnusableChoiceException e) {
            throw ChoiceProblems.of(e);
        }
    }

    /// Opens an extractor. The caller closes it.
    ///
    /// @throws ProblemException `WEIGHTS_UNAVAILABLE` when the weights cannot be read now; any other type says that
    ///     trying again does not help
    /// @throws ObjectStoreUnavailableException when the object store does not answer
    /// @throws ObjectStoreRefusedException when the object store refuses this service
    public OpenExtractor open(KnownExtractor extractor) {
        ChosenExtractor chosen = chosen(extractor);
        try {
            return open(extractor, chosen);
        } catch (ProblemException | ObjectStoreUnavailableException | ObjectStoreRefusedException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            LOG.errorf(e, "Network cannot be loaded backbone=%s layer=%s", extractor.backbone(), extractor.layer());
            throw WeightProblems.unopenable(extractor, e);
        }
    }

    private OpenExtractor open(KnownExtractor extractor, ChosenExtractor chosen) {
        Backbone backbone = chosen.backbone();
        PassMemory.Plan plan = plan(extractor, backbone);
        try (Safetensors file = weights.open(backbone, chosen.identity().weightsSha256())) {
            return new OpenExtractor(
                    extractor,
                    new Preprocessor(backbone.preprocessing(), DecodeLimits.STANDARD),
                    engine.load(chosen.network(), file, chosen.quantisation(), plan.parallelism(), plan.batch()));
        } catch (AbsentWeightsException e) {
            throw new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "backbone");
        } catch (MalformedWeightsException e) {
            throw WeightProblems.unfit(extractor, e);
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.WEIGHTS_UNAVAILABLE,
                    "The weights of %s cannot be read now.".formatted(backbone.name()),
                    e);
        }
    }
}
