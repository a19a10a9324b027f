package dev.graft.cli.rest;

import org.jspecify.annotations.Nullable;

/// A step of the making of int8 ranges, as the feature service reports it.
///
/// @param images how many images are to be read
/// @param done how many were read
/// @param skipped how many of these could not be used
/// @param rangesSha256 digest of the ranges, at the end
/// @param detail why there are none, at the end of a failure
public record CalibrationView(
        String name,
        int images,
        int done,
        int skipped,
        @Nullable String rangesSha256,
        @Nullable String detail) {}
