package dev.graft.feature.extractor;

import dev.graft.feature.EmbeddingConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps networks open between uses, a bounded number of them; the one that was not used for longest is closed first,
/// and never one in use. Safe for many threads.
@ApplicationScoped
public class ExtractorPool {
    private static final Logger LOG = Logger.getLogger(ExtractorPool.class);
    private static final float LOAD_FACTOR = 0.75f;

    private final ExtractorOpener opener;
    private final int maxOpen;

    /// In the order of last use. Guarded by itself.
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(8, LOAD_FACTOR, true);

    /// Makes an empty pool.
    public ExtractorPool(ExtractorOpener opener, EmbeddingConfig config) {
        this.opener = opener;
        this.maxOpen = config.maxOpenExtractors();
    }

    /// Gives the most images that go through a network together.
    public int batchSize() {
        return opener.batchSize();
    }

    /// Lends an extractor, opening its network first where needed. The borrower closes the loan.
    ///
    /// @throws dev.graft.problem.ProblemException `WEIGHTS_UNAVAILABLE` when the weights cannot be read now; any
    ///     other type says that trying again does not help
    /// @throws dev.graft.objectstore.ObjectStoreException when the object store is away
    public Loan borrow(KnownExtractor extractor) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(extractor.id(), id -> new Entry());
            entry.users++;
        }
        try {
            return new Loan(entry, entry.opened(extractor));
        } catch (RuntimeException | Error e) {
            giveBack(entry);
            throw e;
        }
    }

    private void giveBack(Entry entry) {
        List<OpenExtractor> surplus = new ArrayList<>();
        synchronized (entries) {
            entry.users--;
            var eldest = entries.values().iterator();
            while (entries.size() > maxOpen && eldest.hasNext()) {
                Entry candidate = eldest.next();
                if (candidate.users == 0) {
                    eldest.remove();
                    if (candidate.open != null) {
                        surplus.add(candidate.open);
                    }
                }
            }
        }
        surplus.forEach(OpenExtractor::close);
    }

    @PreDestroy
    void closeAll() {
        synchronized (entries) {
            entries.values().stream().filter(entry -> entry.users == 0).forEach(entry -> {
                if (entry.open != null) {
                    entry.open.close();
                }
            });
            entries.clear();
        }
    }

    private final class Entry {
        /// Guarded by the map of entries.
        private int users;

        private volatile @Nullable OpenExtractor open;

        /// Opens the network once; who comes meanwhile waits.
        synchronized OpenExtractor opened(KnownExtractor extractor) {
            OpenExtractor present = open;
            if (present == null) {
                present = opener.open(extractor);
                open = present;
                LOG.infof("Opened network backbone=%s layer=%s", extractor.backbone(), extractor.layer());
            }
            return present;
        }
    }

    /// A loan of an open extractor.
    public final class Loan implements AutoCloseable {
        private final Entry entry;
        private final OpenExtractor extractor;
        private boolean returned;

        private Loan(Entry entry, OpenExtractor extractor) {
            this.entry = entry;
            this.extractor = extractor;
        }

        /// Gives the extractor, which is open until the loan is closed.
        public OpenExtractor extractor() {
            return extractor;
        }

        @Override
        public synchronized void close() {
            if (!returned) {
                returned = true;
                giveBack(entry);
            }
        }
    }
}
