package dev.graft.pytorch;

import ai.djl.Device;
import java.util.Locale;

/// A device that computes, or none in particular. Its text is what users write. Immutable.
public sealed interface ComputeDevice {
    /// The first CUDA device if there is one, else the CPU.
    record Auto() implements ComputeDevice {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /// The CPU.
    record Cpu() implements ComputeDevice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /// A CUDA device.
    ///
    /// @param index its number, from 0
    record Cuda(int index) implements ComputeDevice {
        private static final String PREFIX = "cuda:";

        @Override
        public String toString() {
            return PREFIX + index;
        }
    }

    /// Reads a device from its written form.
    ///
    /// @param written `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException when it is not one of those
    static ComputeDevice parse(String written) {
        String text = written.toLowerCase(Locale.ROOT);
        if (text.matches(Cuda.PREFIX + "\\d{1,3}")) {
            return new Cuda(Integer.parseInt(text.substring(Cuda.PREFIX.length())));
        }
        return switch (text) {
            case "auto" -> new Auto();
            case "cpu" -> new Cpu();
            default -> throw new IllegalArgumentException("'" + written + "' is no device: write auto, cpu or cuda:N");
        };
    }

    /// Returns the device as DJL names it; `Auto` means the CPU.
    default Device inDjl() {
        return switch (this) {
            case Cuda(int index) -> Device.gpu(index);
            case Cpu _, Auto _ -> Device.cpu();
        };
    }
}
