package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An image as a dataset has it. Rows are inserted many at a time, by a statement; the database maintains the
/// counts of the dataset whenever one changes.
@Entity
@IdClass(Membership.Key.class)
@Table(name = "dataset_image")
@SuppressWarnings("NullAway.Init")
public class Membership {
    @Id
    long datasetId;

    @Id
    @Column(name = "image_id")
    String imageId;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "image_id", insertable = false, updatable = false)
    Image image;

    String label;

    @Nullable
    Split split;

    @Column(updatable = false)
    @Nullable
    String fileName;

    @Column(updatable = false)
    Instant addedAt;

    /// For the persistence provider.
    protected Membership() {}

    /// Names a membership.
    public record Key(long datasetId, String imageId) implements Serializable {}

    /// Gives the image's id.
    public String imageId() {
        return imageId;
    }

    /// Gives the image's row, which must have been fetched before it is read.
    public Image image() {
        return image;
    }

    /// Gives the label.
    public String label() {
        return label;
    }

    /// Gives the split; absent when the image is in none.
    public @Nullable Split split() {
        return split;
    }

    /// Gives the name that the sender gave the file.
    public @Nullable String fileName() {
        return fileName;
    }

    /// Gives when the image became part of the dataset.
    public Instant addedAt() {
        return addedAt;
    }

    /// Gives the image another label, and another split unless that is absent.
    ///
    /// @return whether this changes anything
    public boolean relabel(String newLabel, @Nullable Split newSplit) {
        Split wanted = newSplit == null ? split : newSplit;
        if (label.equals(newLabel) && Objects.equals(split, wanted)) {
            return false;
        }
        label = newLabel;
        split = wanted;
        return true;
    }
}
