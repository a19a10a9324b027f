package dev.graft.networks.onnx;

import dev.graft.networks.network.Padding;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Window;

/// A window that slides over a map of known size, as the attributes of ONNX's convolutions and pools describe it.
///
/// @param input the map, `[channels, height, width]`
/// @param output what is made of it, `[channels, height, width]`
/// @param height rows of the window
/// @param width columns of the window
/// @param strideDown rows between neighbouring positions
/// @param strideAcross columns between neighbouring positions
/// @param pads what surrounds the map
record SlidingWindow(
        Shape input, Shape output, int height, int width, int strideDown, int strideAcross, Padding.Amounts pads) {
    static SlidingWindow of(Window window, Shape input, Shape output) {
        return new SlidingWindow(
                input,
                output,
                window.height(),
                window.width(),
                window.stride(),
                window.stride(),
                window.paddingOn(input));
    }

    Attribute[] attributes() {
        return new Attribute[] {
            Attribute.of("kernel_shape", new long[] {height, width}),
            Attribute.of("strides", new long[] {strideDown, strideAcross}),
            Attribute.of("pads", new long[] {pads.top(), pads.left(), pads.bottom(), pads.right()})
        };
    }
}
