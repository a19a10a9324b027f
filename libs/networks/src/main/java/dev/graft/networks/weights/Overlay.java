package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Weights of which some tensors stand in for those of others.
record Overlay(Weights base, Map<String, FloatTensor> replacements) implements Weights {
    @Override
    public Set<String> names() {
        Set<String> names = new HashSet<>(base.names());
        names.addAll(replacements.keySet());
        return names;
    }

    @Override
    public Shape shape(String name) {
        FloatTensor replacement = replacements.get(name);
        return replacement == null ? base.shape(name) : replacement.shape();
    }

    @Override
    public FloatTensor tensor(String name) {
        FloatTensor replacement = replacements.get(name);
        return replacement == null ? base.tensor(name) : replacement;
    }
}
