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

/// Keeps networks open between uses, a bounded number of them and of bytes; the one that was not used for
/// longest is closed first, and never one in use. Safe for many threads.
@ApplicationScoped
public class ExtractorPool {
    private static final Logger LOG = Logger.getLogger(ExtractorPool.class);
    private static final float LOAD_FACTOR = 0.75f;

    private final ExtractorOpener opener;
    private final int maxOpen;
    private final long maxOpenBytes;

    /// While it is loaded, a network takes several times what it takes afterwards: one is at a time.
    private final Object loading = new Object();

    /// In the order of last use. Guarded by itself.
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(8, LOAD_FACTOR, true);

    /// Makes an empty pool.
    public ExtractorPool(ExtractorOpener opener, EmbeddingConfig config) {
        this.opener = opener;
        this.maxOpen = config.maxOpenExtractors();
        this.maxOpenBytes = opener.memoryBytes();
    }

    /// Gives the most images that go through a network together.
    public int batchSize() {
        return opener.batchSize();
    }

    /// Checks that an extractor may be opened.
    ///
    /// @throws dev.graft.problem.ProblemException `SETTING_UNSUPPORTED` with the field and the bound when it
    ///     takes too much memory
    public void requireMemory(KnownExtractor extractor) {
        long unused = opener.memoryBytes(extractor);
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
        List<OpenExtractor> surplus;
        synchronized (entries) {
            entry.users--;
            surplus = takeSurplus();
        }
        surplus.forEach(OpenExtractor::close);
    }

    private OpenExtractor load(Entry entry, KnownExtractor extractor, long bytes) {
        makeRoom(entry, bytes);
        try {
            OpenExtractor open;
            synchronized (loading) {
                open = opener.open(extractor);
            }
            LOG.infof(
                    "Opened network backbone=%s layer=%s sizeBytes=%d", extractor.backbone(), extractor.layer(), bytes);
            return open;
        } catch (RuntimeException | Error e) {
            makeRoom(entry, 0);
            throw e;
        }
    }

    /// Closes others before a network is opened, so that all fit.
    private void makeRoom(Entry entry, long bytes) {
        List<OpenExtractor> surplus;
        synchronized (entries) {
            entry.bytes = bytes;
            surplus = takeSurplus();
        }
        surplus.forEach(OpenExtractor::close);
    }

    /// Takes out of the entries, whose lock is held, what is to be closed.
    private List<OpenExtractor> takeSurplus() {
        long bytes = entries.values().stream().mapToLong(entry -> entry.bytes).sum();
        List<OpenExtractor> surplus = new ArrayList<>();
        var eldest = entries.values().iterator();
        while ((entries.size() > maxOpen || bytes > maxOpenBytes) && eldest.hasNext()) {
            Entry candidate = eldest.next();
            if (candidate.users == 0) {
                eldest.remove();
                bytes -= candidate.bytes;
                if (candidate.open != null) {
                    surplus.add(candidate.open);
                }
            }
        }
        return surplus;
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

        /// What the network takes; guarded by the map of entries.
        private long bytes;

        private volatile @Nullable OpenExtractor open;

        /// Opens the network once; who comes meanwhile waits.
        synchronized OpenExtractor opened(KnownExtractor extractor) {
            OpenExtractor present = open;
            if (present == null) {
                present = load(this, extractor, opener.memoryBytes(extractor));
                open = present;
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
