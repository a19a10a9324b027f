/// Decodes the pictures within WebP files, lossy (a VP8 key frame, RFC 6386) and lossless (RFC 9649), to the
/// very samples that libwebp gives with its defaults, which are Pillow's: same prediction, loop filter, "fancy"
/// upsampling and integer colour conversion.
///
/// For [dev.graft.vision] alone; it must not know the container, other formats or limits.
@NullMarked
package dev.graft.vision.webp;

import org.jspecify.annotations.NullMarked;
