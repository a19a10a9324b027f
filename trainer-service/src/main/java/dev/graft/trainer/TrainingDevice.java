package dev.graft.trainer;

import dev.graft.pytorch.engine.EngineChoice;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Says where networks are computed while runs are trained. Heads alone are trained on the CPU, wherever
/// that is. Immutable; safe for use by several threads at once.
@Startup // What is no device is found before anything is asked for.
@ApplicationScoped
public class TrainingDevice {
    private final EngineChoice choice;

    /// Reads the setting.
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException when it is none of those
    TrainingDevice(@ConfigProperty(name = "graft.device", defaultValue = "auto") String device) {
        this.choice = EngineChoice.parse("auto", device);
    }

    /// Returns the device, which may be left open still, and that the engine is the best one there.
    public EngineChoice choice() {
        return choice;
    }
}
