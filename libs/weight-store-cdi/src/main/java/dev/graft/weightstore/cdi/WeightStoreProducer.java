package dev.graft.weightstore.cdi;

import dev.graft.objectstore.ObjectStore;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Opens the store of weights for the whole service.
final class WeightStoreProducer {
    @Produces
    @Singleton
    WeightStore open(ObjectStore store, WeightsConfig config) {
        return new WeightStore(store, config.cacheDirectory());
    }
}
