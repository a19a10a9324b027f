package dev.graft.objectstore;

import java.io.InputStream;
import java.util.Optional;

/// Stores blobs under keys.
///
/// - A put is atomic: a reader sees the whole old object or the whole new one, never a mixture, and after a crash of
///   either side one of the two.
/// - After a put returned, every later read sees it, from every process.
/// - A key is 1 to 1,024 bytes of UTF-8, relative, without empty, `.` or `..` segments; no key may be a folder
///   of another (`a` beside `a/b`), since some stores keep folders.
///
/// Calls block and are meant for virtual threads; implementations are safe for many threads. Every call is safe
/// to repeat. Every method may throw [ObjectStoreUnavailableException] and [ObjectStoreRefusedException]; both
/// are left out below.
public interface ObjectStore extends AutoCloseable {

    /// Stores an object, in place of one that may be there.
    ///
    /// @throws IllegalArgumentException if the key is not valid
    void put(String key, ObjectContent content);

    /// Stores an object unless there is one already, and says whether it did. Of many callers at once, one creates it.
    ///
    /// When the answer to an attempt is lost and the retry finds an object, this returns `false`, although that
    /// object may be this caller's own: `false` says that the object is there, not who wrote it.
    ///
    /// @throws IllegalArgumentException if the key is not valid, or the content is larger than
    ///     [ObjectContent#MAX_CONDITIONAL_SIZE_BYTES]
    boolean putIfAbsent(String key, ObjectContent content);

    /// Opens an object for reading. The caller closes the stream, soon, since it holds a connection. Faults after
    /// the stream was opened are `IOException`s of the stream and are not retried.
    ///
    /// @throws ObjectNotFoundException if there is no such object
    InputStream open(String key);

    /// Reads a whole object.
    ///
    /// @param maxSizeBytes the largest size to accept
    /// @throws ObjectNotFoundException if there is no such object
    /// @throws ObjectTooLargeException if it is larger than that; nothing large was allocated
    byte[] read(String key, int maxSizeBytes);

    /// Reads exactly `lengthBytes` bytes from `offsetBytes` on.
    ///
    /// @param offsetBytes 0 or more
    /// @param lengthBytes 1 or more
    /// @throws ObjectNotFoundException if there is no such object
    /// @throws ObjectRangeException if the range is not wholly inside the object
    byte[] readRange(String key, long offsetBytes, int lengthBytes);

    /// Describes an object, or returns nothing when there is none.
    Optional<ObjectInfo> head(String key);

    /// Says whether there is such an object.
    default boolean exists(String key) {
        return head(key).isPresent();
    }

    /// Deletes an object; does nothing when there is none.
    void delete(String key);

    /// Does one cheap round trip without retries, for readiness probes.
    ///
    /// @throws ObjectStoreUnavailableException if the store does not answer
    /// @throws ObjectStoreRefusedException if it refuses us or lacks the bucket
    void ping();

    /// Releases connections; streams still open fail.
    @Override
    void close();
}
