package dev.graft.ingest.imports;

import dev.graft.ingest.archive.EntryName;
import dev.graft.ingest.archive.Layout;
import dev.graft.ingest.archive.Placement;
import dev.graft.ingest.dataset.Labels;
import java.util.Optional;

/// Says what a file's place in an archive means for a dataset, where not every name of a folder may be a label.
record Places(Layout layout) {
    Placement of(EntryName name) {
        Placement placement = layout.place(name);
        if (placement instanceof Placement.Labelled labelled) {
            Optional<String> complaint = Labels.complaint(labelled.label());
            if (complaint.isPresent()) {
                return new Placement.Misplaced("Its folder does not name a class. " + complaint.get());
            }
        }
        return placement;
    }
}
