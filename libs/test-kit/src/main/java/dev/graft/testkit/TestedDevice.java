package dev.graft.testkit;

/// The device on which tests compute networks, `-Dgraft.device=cuda:0` for example; the CPU where none is
/// named.
public final class TestedDevice {
    private TestedDevice() {}

    /// Returns the device as it was written: `cpu` or `cuda:N`.
    public static String written() {
        return System.getProperty("graft.device", "cpu");
    }

    /// Returns whether it is the CPU, where the same work gives the same bytes. Kernels of CUDA add in an
    /// order of their own, so that what they give agrees to what float32 rounds only.
    public static boolean isCpu() {
        return written().equals("cpu");
    }
}
