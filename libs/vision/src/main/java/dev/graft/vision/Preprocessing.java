package dev.graft.vision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Describes how a picture becomes a network's input: the evaluation recipe that belongs to a set of weights. The short
/// side is resized to floor(inputSizePixels / cropFraction), and the square in the middle is kept.
///
/// @param inputSizePixels width and height of the input
/// @param cropFraction timm's `crop_pct`, above 0 and at most 1
/// @param interpolation resampling filter
/// @param mean mean of red, green, blue, of values between 0 and 1
/// @param std standard deviation of red, green, blue
public record Preprocessing(
        int inputSizePixels, double cropFraction, Interpolation interpolation, List<Double> mean, List<Double> std) {
    private static final int MAX_INPUT_SIZE_PIXELS = 4096;

    /// Checks the ranges and copies the lists.
    ///
    /// @throws IllegalArgumentException when a value is out of its range
    public Preprocessing {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (inputSizePixels < 1 || inputSizePixels > MAX_INPUT_SIZE_PIXELS) {
            throw new IllegalArgumentException("inputSizePixels must be between 1 and " + MAX_INPUT_SIZE_PIXELS);
        }
        if (!(cropFraction > 0 && cropFraction <= 1)) {
            throw new IllegalArgumentException("cropFraction must be above 0 and at most 1");
        }
        if (mean.size() != 3 || !mean.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("mean must be three finite numbers");
        }
        if (std.size() != 3 || !std.stream().allMatch(value -> Double.isFinite(value) && value > 0)) {
            throw new IllegalArgumentException("std must be three positive numbers");
        }
    }

    /// Returns the same recipe for another input size.
    public Preprocessing withInputSizePixels(int size) {
        return new Preprocessing(size, cropFraction, interpolation, mean, std);
    }

    /// Returns the length to which the short side of a picture is resized before the crop.
    public int shortSidePixels() {
        return (int) Math.floor(inputSizePixels / cropFraction);
    }

    /// Returns the SHA-256, in hex, of a canonical text of all that decides the pixels; equal digests give equal
    /// inputs.
    public String digest() {
        String canonical = String.format(
                Locale.ROOT,
                "preprocessing 1\n%d\n%s\n%s\n%s\n%s\n",
                inputSizePixels,
                cropFraction,
                interpolation.wireName(),
                joined(mean),
                joined(std));
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String joined(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
