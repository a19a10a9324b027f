package dev.graft.stack;

import java.util.HashMap;
import java.util.Map;

/// Environment variables that the native libraries of services read. Whatever measures what a service
/// computes has the same.
public final class NativeSettings {
    private NativeSettings() {}

    /// Returns those of a service.
    public static Map<String, String> of(Service service) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MALLOC_ARENA_MAX", "2");
        // Libraries for CUDA round the factors of float32 products to 11 bits unless this is set.
        settings.put("NVIDIA_TF32_OVERRIDE", "0");
        if (service == Service.TRAINER) {
            settings.put("OMP_WAIT_POLICY", "PASSIVE");
        }
        return settings;
    }
}
