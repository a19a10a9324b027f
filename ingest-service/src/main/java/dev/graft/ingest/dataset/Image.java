package dev.graft.ingest.dataset;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// An image whose bytes are in object storage. Its row is inserted together with others, by a statement, and
/// never changes.
@Entity
@Immutable
@Table(name = "image")
@SuppressWarnings("NullAway.Init")
public class Image {
    @Id
    String id;

    long sizeBytes;
    String mediaType;
    int widthPixels;
    int heightPixels;
    Instant ingestedAt;

    /// For the persistence provider.
    protected Image() {}

    /// Gives the SHA-256 of the bytes, hex.
    public String id() {
        return id;
    }

    /// Gives the size of the file.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Gives the media type, by content.
    public String mediaType() {
        return mediaType;
    }

    /// Gives the width as the image is meant to be seen.
    public int widthPixels() {
        return widthPixels;
    }

    /// Gives the height as the image is meant to be seen.
    public int heightPixels() {
        return heightPixels;
    }

    /// Gives when the image was stored for the first time.
    public Instant ingestedAt() {
        return ingestedAt;
    }
}
