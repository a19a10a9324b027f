/// Turns picture bytes into exact pixels: the one way from a file to a network's input, for training and for serving.
///
/// Public here, and small on purpose: [dev.graft.vision.ImageFormat] and [dev.graft.vision.ImageDecoder] (what
/// a file is, its pixels, within [dev.graft.vision.DecodeLimits]), [dev.graft.vision.Preprocessing] and
/// [dev.graft.vision.Preprocessor] (resize, crop, normalisation, bit for bit as Pillow and torchvision do them;
/// the centre is kept, or the [dev.graft.vision.Region] that a [dev.graft.vision.Crop] chooses),
/// [dev.graft.vision.Thumbnail]. A caller that decodes takes the memory for it of the process's
/// [dev.graft.vision.DecodeBudget], before any of it is allocated. Whatever cannot be decoded whole is an
/// [dev.graft.vision.UndecodableImageException] with its reason; nothing is ever half-decoded.
///
/// It must not know networks, storage, services, configuration or how pictures are varied. Every type is
/// immutable and safe for many threads.
@NullMarked
package dev.graft.vision;

import org.jspecify.annotations.NullMarked;
