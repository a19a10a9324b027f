package dev.graft.cli.folder;

import dev.graft.contracts.Sha256;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An image of a folder with its class.
public record LabelledFile(String label, Path file) {

    /// Finds files by their bytes. Only files in a folder named after the class are looked into, and none after the
    /// last was found.
    ///
    /// @param labels of the wanted images, by image id
    /// @return in the order of the paths, without those that are not there
    /// @throws ActionableException when a file cannot be read
    public static List<LabelledFile> find(FolderSource folder, Map<String, String> labels) {
        List<LabelledFile> found = new ArrayList<>();
        for (FolderSource.Entry entry : folder.entries()) {
            if (found.size() == labels.size()) {
                break;
            }
            String label = Normalizer.normalize(folderName(entry.path()), Normalizer.Form.NFC);
            if (entry.kind() == FolderSource.Kind.FILE
                    && labels.containsValue(label)
                    && label.equals(labels.get(imageId(entry.file())))) {
                found.add(new LabelledFile(label, entry.file()));
            }
        }
        return found;
    }

    private static String folderName(String path) {
        String[] steps = path.split("/", -1);
        return steps.length < 2 ? "" : steps[steps.length - 2];
    }

    private static String imageId(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.of(in);
        } catch (IOException e) {
            throw ImageSource.unreadable(file, e);
        }
    }
}
