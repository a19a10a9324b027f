package dev.graft.problem.request;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalLong;

/// Bounds of requests, `graft.http.*`, beside `quarkus.http.limits.max-body-size`.
@ConfigMapping(prefix = "graft.http")
public interface RequestLimits {

    /// Requests with a body that are under way at one moment; a further one is answered with Retry-After.
    @WithDefault("256")
    int maxBodies();

    /// Bytes of all bodies that are held in memory at one moment; a body that would pass it is answered with
    /// Retry-After. Absent: an eighth of the heap, for six tenths are decoding's.
    OptionalLong maxHeldSizeBytes();

    /// Greatest size of a JSON body.
    @WithDefault("1048576")
    long maxJsonSizeBytes();

    /// Greatest size of a form, which waits on disk.
    @WithDefault("268435456")
    long maxFormSizeBytes();

    /// How long a body may take for every [#minPaceBytes]; a slower one is ended.
    @WithDefault("20s")
    Duration paceWindow();

    /// Bytes that a body brings in every [#paceWindow], unless it ends, and that a client takes of an answer in
    /// every [#answerWindow].
    @WithDefault("4096")
    long minPaceBytes();

    /// How long the head of a request may take from the moment when it is waited for; then its connection is
    /// closed.
    @WithDefault("20s")
    Duration headTimeout();

    /// How long a client may take for every [#minPaceBytes] of an answer; the connection of a slower one is
    /// closed. Longer than for bodies: a receiver whose window is full has to take a part of it first.
    @WithDefault("60s")
    Duration answerWindow();
}
