package dev.graft.predict.imagenet;

import dev.graft.objectstore.ObjectStore;
import dev.graft.predict.WeightsConfig;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Opens the store of weights.
final class WeightStoreProducer {
    @Produces
    @Singleton
    WeightStore weightStore(ObjectStore store, WeightsConfig config) {
        return new WeightStore(store, config.cacheDirectory());
    }
}
