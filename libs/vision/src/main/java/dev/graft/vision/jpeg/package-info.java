/// Decodes JPEG (ITU-T T.81: baseline, extended sequential and progressive Huffman, 8 bits) to the very samples that
/// libjpeg-turbo gives with its accurate integer transform and "fancy" upsampling, which are Pillow's defaults.
///
/// A region can be asked for: everything is entropy-decoded and checked, but only the blocks of the region are
/// transformed and converted. A file that libjpeg would patch up with a warning is refused.
///
/// For [dev.graft.vision] alone; it must not know other formats, metadata, limits or resizing.
@NullMarked
package dev.graft.vision.jpeg;

import org.jspecify.annotations.NullMarked;
