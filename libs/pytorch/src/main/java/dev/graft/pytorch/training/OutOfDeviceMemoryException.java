package dev.graft.pytorch.training;

import dev.graft.pytorch.ComputeDevice;

/// Says that the memory of a device does not hold what a training needs of it, however few rows are
/// differentiated together. The parameters are as they were before the step, unless it was moving them.
/// Smaller images, fewer trained steps or mixed precision may help; another try may where others use the
/// device.
public final class OutOfDeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Makes an exception.
    ///
    /// @param device whose memory it is
    /// @param cause what PyTorch said
    OutOfDeviceMemoryException(ComputeDevice device, Throwable cause) {
        super("the memory of " + device + " is exhausted", cause);
    }
}
