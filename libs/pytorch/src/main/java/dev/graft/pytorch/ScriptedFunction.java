package dev.graft.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Functions that PyTorch has as one operator, whose derivative is one pass over the numbers, and DJL has
/// not: the derivative of DJL's `clip` is five passes, which is nearly half of the time of a training, and
/// DJL's change of type has none. Each is called through a module of TorchScript whose only line it is.
/// Safe for use by several threads at once; the modules stay loaded. Types are written as PyTorch's
/// `ScalarType` numbers them (https://github.com/pytorch/pytorch/blob/v2.7.1/c10/core/ScalarType.h).
enum ScriptedFunction {
    /// `min(max(x, 0), 6)`; where it is 0 or 6 it has the slope 0, as PyTorch's own `ReLU6`.
    RELU6("torch.hardtanh(x, 0., 6.)"),
    /// `x · sigmoid(x)`.
    SWISH("torch.silu(x)"),
    /// `exp(x) / Σ exp(x)` along the last axis; DJL's own ends the process where the type is bfloat16.
    SOFTMAX("torch.softmax(x, -1)"),
    /// The nearest bfloat16, whose slope is taken back in the type of `x`.
    TO_BFLOAT16("torch.to(x, 15)"),
    /// The same number as float32, whose slope is taken back in the type of `x`.
    TO_FLOAT32("torch.to(x, 6)");

    /// A module without parameters, in the format that `torch.jit.save` writes: a class, whose one object
    /// is pickled (https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md).
    private static final String CODE = """
            class Module(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.Module, x: Tensor) -> Tensor:
                return %s
            """;

    /// `__torch__.Module()` with `training` set.
    private static final String OBJECT = "\u0080\u0002c__torch__\nModule\n)\u0081}(X\b\0\0\0training\u0088ub.";

    /// `()`.
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private static final String FORMAT_VERSION = "3\n";

    private final PtSymbolBlock module;

    ScriptedFunction(String expression) {
        PtNDManager manager = (PtNDManager) PyTorch.engine().newBaseManager(Device.cpu());
        try {
            this.module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive(expression)), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException("an array gave no bytes", e);
        }
    }

    /// Computes it for each number.
    ///
    /// @param input float32 or bfloat16, of any shape and layout
    /// @return of the same shape and layout, and of the same type but where the type is what is changed; the
    ///     input's manager's
    NDArray compute(NDArray input) {
        return IValueUtils.forward(module, new NDList(input), true).singletonOrThrow();
    }

    private static byte[] archive(String expression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream archive = new ZipOutputStream(bytes)) {
            put(archive, "module/data.pkl", OBJECT);
            put(archive, "module/code/__torch__.py", CODE.formatted(expression));
            put(archive, "module/constants.pkl", NO_CONSTANTS);
            put(archive, "module/version", FORMAT_VERSION);
        }
        return bytes.toByteArray();
    }

    /// PyTorch reads entries that are stored as they are.
    private static void put(ZipOutputStream archive, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        archive.putNextEntry(entry);
        archive.write(bytes);
        archive.closeEntry();
    }
}
