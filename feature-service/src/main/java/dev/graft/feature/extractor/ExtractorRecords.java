package dev.graft.feature.extractor;

import dev.graft.contracts.Precision;
import dev.graft.networks.Extractor;
import dev.graft.weightstore.ChosenExtractor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.hibernate.reactive.mutiny.Mutiny;

/// Gives extractors their numbers. Every method works in the caller's transaction.
@Singleton
class ExtractorRecords {
    /// Native for `on conflict`: replicas that meet an extractor at the same moment give it one number.
    /// Where versions of models were fine-tuned to the same weights, it has the name under which these were
    /// asked for last: the version that was named before may have been deleted. The name of a weight set
    /// stays.
    private static final String INSERT = """
            insert into extractor (digest, backbone, layer, input_size_pixels, precision, dimension)
            values (:digest, :backbone, :layer, :size, :precision, :dimension)
            on conflict (digest) do update set backbone = excluded.backbone
                where extractor.backbone <> excluded.backbone and extractor.backbone like '%@%'""";

    /// Finds the extractor with this identity, and gives it a number where it has none.
    Uni<KnownExtractor> register(Mutiny.Session session, ChosenExtractor chosen) {
        Extractor identity = chosen.identity();
        Precision precision = chosen.ranges().isPresent() ? Precision.INT8 : Precision.F32;
        return session.createNativeQuery(INSERT)
                .setParameter("digest", identity.digest())
                .setParameter("backbone", chosen.backbone().name())
                .setParameter("layer", identity.layer().toString())
                .setParameter("size", chosen.inputSizePixels())
                .setParameter("precision", precision.name())
                .setParameter("dimension", chosen.dimension())
                .executeUpdate()
                .chain(() -> session.createSelectionQuery(
                                "from ExtractorRecord where digest = :digest", ExtractorRecord.class)
                        .setParameter("digest", identity.digest())
                        .getSingleResult())
                .map(ExtractorRecord::known);
    }

    /// Finds the extractor with a number that was given before.
    Uni<KnownExtractor> get(Mutiny.Session session, int id) {
        return session.find(ExtractorRecord.class, id)
                .onItem()
                .ifNull()
                .failWith(() -> new IllegalArgumentException("no extractor has the number " + id))
                .map(ExtractorRecord::known);
    }
}
