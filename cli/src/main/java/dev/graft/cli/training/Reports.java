package dev.graft.cli.training;

import dev.graft.cli.rest.TrainerClient;
import dev.graft.stack.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Fetches reports into the data directory.
record Reports(DataDirectory data, TrainerClient trainer) {
    /// Fetches the report of a run.
    ///
    /// @return the file
    Path fetch(String run) throws IOException {
        byte[] page = trainer.report(run);
        Path folder = Files.createDirectories(data.reports());
        Path file = folder.resolve(Path.of(run).getFileName() + ".html");
        Path fresh = Files.createTempFile(folder, "report", ".tmp");
        Files.write(fresh, page);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
