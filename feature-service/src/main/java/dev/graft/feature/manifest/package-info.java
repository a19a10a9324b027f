/// Reads the manifests of frozen dataset versions. Knows object storage and the form of a manifest; must not know what
/// its images are wanted for.
@NullMarked
package dev.graft.feature.manifest;

import org.jspecify.annotations.NullMarked;
