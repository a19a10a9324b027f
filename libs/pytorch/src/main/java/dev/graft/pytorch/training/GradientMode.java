package dev.graft.pytorch.training;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/// Whether PyTorch keeps what a backward pass needs, which is a matter of the thread.
final class GradientMode {
    private GradientMode() {}

    /// Works in a mode, after which the thread is in the mode it was in.
    ///
    /// @param on whether what a backward pass needs is kept
    /// @return what the work gives
    static <T> T in(boolean on, Supplier<T> work) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(on);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
