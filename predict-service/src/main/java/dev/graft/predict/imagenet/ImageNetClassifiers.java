package dev.graft.predict.imagenet;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.graft.networks.Backbone;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ServedModel;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.UnusableChoiceException;
import dev.graft.weightstore.WeightStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Lends classifiers of ImageNet, one for each weight set that has its last layer. Each is loaded when it is
/// first asked for, and a few of those that are used most stay loaded. Safe for many threads.
///
/// The cache has one hold on each network, each request under way another: what the cache evicts closes with
/// the last of them. A network is loaded outside of the cache's own locks, as that takes seconds.
@Singleton
public class ImageNetClassifiers {
    /// The model name that they share; no trained model has it.
    public static final String MODEL = "imagenet";

    private static final Logger LOG = Logger.getLogger(ImageNetClassifiers.class);

    private final WeightStore weights;
    private final ClassifierLoader loader;

    /// By backbone.
    private final LoadingCache<String, Entry> entries;

    ImageNetClassifiers(WeightStore weights, ClassifierLoader loader, PredictConfig config) {
        this.weights = weights;
        this.loader = loader;
        this.entries = Caffeine.newBuilder()
                .maximumSize(config.maxImageNetClassifiers())
                // Never on the thread of a request: to close an entry is to wait while it is loaded.
                .executor(Thread::startVirtualThread)
                .<String, Entry>removalListener((name, entry, cause) -> {
                    if (entry != null) {
                        entry.close();
                    }
                })
                .build(name -> new Entry());
    }

    /// Lends a classifier, which the caller closes. Loads it first where needed, and blocks meanwhile.
    ///
    /// @param name a backbone, named in full or by its architecture; absent: the default one
    /// @throws ProblemException when there is no such backbone, its weights are not here or are damaged, or
    ///     they have no classifier of ImageNet
    public ServedModel lend(@Nullable String name) {
        Backbone backbone = name == null ? weights.defaultBackbone() : weightSet(name);
        while (true) {
            Entry entry = entries.get(backbone.name());
            ServedModel model;
            try {
                model = entry.lend(backbone);
            } catch (RuntimeException e) {
                boolean unused = entries.asMap().remove(backbone.name(), entry);
                throw e;
            }
            if (model != null) {
                return model;
            }
        }
    }

    private Backbone weightSet(String name) {
        Backbone backbone;
        try {
            backbone = weights.named(name);
        } catch (UnusableChoiceException e) {
            throw new ProblemException(ProblemType.BACKBONE_NOT_FOUND, e.detail(), "backbone");
        }
        if (backbone.tuned().isPresent()) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "%s was fine-tuned, but not with the classes of ImageNet. Ask the model itself.".formatted(name),
                    "backbone");
        }
        return backbone;
    }

    @PreDestroy
    void closeAll() {
        List<Entry> all = List.copyOf(entries.asMap().values());
        entries.invalidateAll();
        all.forEach(Entry::close);
    }

    private final class Entry {
        private @Nullable ServedModel model;
        private boolean closed;

        /// Loads the network once; who comes meanwhile waits. Gives nothing when others have taken its place.
        synchronized @Nullable ServedModel lend(Backbone backbone) {
            if (closed) {
                return null;
            }
            ServedModel present = model;
            if (present == null) {
                present = loader.load(backbone);
                model = present;
                LOG.infof("Classifier of ImageNet loaded backbone=%s", backbone.name());
            }
            return present.tryHold() ? present : null;
        }

        /// May be called again.
        synchronized void close() {
            if (!closed && model != null) {
                model.close();
            }
            closed = true;
        }
    }
}
