package dev.graft.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/// Loads DJL's PyTorch engine. All use of it in this library begins here.
public final class PyTorch {
    private PyTorch() {}

    /// Loads the native library, once a process, which takes a second or two.
    ///
    /// @throws ai.djl.engine.EngineException when it cannot be loaded
    public static Engine engine() {
        // DJL would otherwise report its use to a server of its makers.
        System.setProperty("OPT_OUT_TRACKING", "true");
        return Engine.getEngine("PyTorch");
    }

    /// Makes an owner of arrays on a device.
    ///
    /// @param device `Auto` means the CPU
    /// @return what the caller closes, with all arrays that it owns
    /// @throws ai.djl.engine.EngineException when the native library cannot be loaded
    public static NDManager manager(ComputeDevice device) {
        return engine().newBaseManager(device.inDjl());
    }
}
