package dev.graft.networks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One of the 1,000 classes of ImageNet-1k (ILSVRC-2012), which the classifiers of backbones distinguish.
///
/// @param index position among a classifier's outputs
/// @param synset identifier in WordNet, such as `n01440764`
/// @param words names in English, joined by commas
public record ImageNetClass(int index, String synset, String words) {
    private static final String RESOURCE = "weights/imagenet-1k.classes.tsv";

    /// Reads the classes, in the order of the outputs.
    public static List<ImageNetClass> all() {
        InputStream stream = ImageNetClass.class.getResourceAsStream(RESOURCE);
        if (stream == null) {
            throw new IllegalStateException("the list of ImageNet's classes is missing from this build");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().map(ImageNetClass::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the list of ImageNet's classes", e);
        }
    }

    private static ImageNetClass parse(String line) {
        String[] columns = line.split("\t", 3);
        return new ImageNetClass(Integer.parseInt(columns[0]), columns[1], columns[2]);
    }
}
