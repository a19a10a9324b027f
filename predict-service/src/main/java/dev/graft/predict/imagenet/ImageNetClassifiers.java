package dev.graft.predict.imagenet;

import dev.graft.networks.Backbone;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ServedModel;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.WeightStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Lends classifiers of ImageNet, one for each weight set that has its last layer. Each is loaded when it is
/// first asked for; of those that nobody uses, only the last few stay. Safe for many threads.
@Singleton
public class ImageNetClassifiers {
    /// The model name that they share; no trained model has it.
    public static final String MODEL = "imagenet";

    private static final Logger LOG = Logger.getLogger(ImageNetClassifiers.class);
    private static final float LOAD_FACTOR = 0.75f;

    private final WeightStore weights;
    private final ClassifierLoader loader;
    private final int maxLoaded;

    /// By backbone, in the order of last use. Guarded by itself.
    private final Map<String, Entry> entries = new LinkedHashMap<>(8, LOAD_FACTOR, true);

    ImageNetClassifiers(WeightStore weights, ClassifierLoader loader, PredictConfig config) {
        this.weights = weights;
        this.loader = loader;
        this.maxLoaded = config.maxImageNetClassifiers();
    }

    /// Lends a classifier, which the caller closes. Loads it first where needed, and blocks meanwhile.
    ///
    /// @param name a backbone, named in full or by its architecture; absent: the default one
    /// @throws ProblemException when there is no such backbone, its weights are not here or are damaged, or
    ///     they have no classifier of ImageNet
    public ServedModel lend(@Nullable String name) {
        Backbone backbone = name == null
                ? weights.defaultBackbone()
                : weights.find(name)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.BACKBONE_NOT_FOUND,
                                "There is no backbone %s.".formatted(name),
                                "backbone"));
        while (true) {
            Entry entry;
            synchronized (entries) {
                entry = entries.computeIfAbsent(backbone.name(), _ -> new Entry());
            }
            ServedModel model;
            try {
                model = entry.lend(backbone);
            } catch (RuntimeException e) {
                synchronized (entries) {
                    entries.remove(backbone.name(), entry);
                }
                throw e;
            }
            closeSurplus();
            if (model != null) {
                return model;
            }
        }
    }

    /// Lets go of those that were not used for longest; a network closes when the last request lets go of it.
    private void closeSurplus() {
        List<Entry> surplus = new ArrayList<>();
        synchronized (entries) {
            Iterator<Entry> eldest = entries.values().iterator();
            while (entries.size() > maxLoaded && eldest.hasNext()) {
                surplus.add(eldest.next());
                eldest.remove();
            }
        }
        surplus.forEach(Entry::close);
    }

    @PreDestroy
    void closeAll() {
        List<Entry> all;
        synchronized (entries) {
            all = List.copyOf(entries.values());
            entries.clear();
        }
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

        synchronized void close() {
            closed = true;
            if (model != null) {
                model.close();
            }
        }
    }
}
