package dev.graft.jobs;

import java.time.Duration;
import java.util.regex.Pattern;

/// Describes jobs of one kind.
///
/// @param name        names the kind in rows, metrics and logs: small letters and dashes
/// @param workers     how many jobs a process works on at one moment; 0: this process works on none
/// @param lease       how long a job outlives its worker's last sign of life
/// @param poll        how often a free worker looks for jobs, should a notification be lost
/// @param maxAttempts how many times in a row a job may be claimed without coming further before it is given up
/// @param maxOpen     how many jobs may be queued and running; further ones are refused
public record JobKind(String name, int workers, Duration lease, Duration poll, int maxAttempts, int maxOpen) {
    /// Three deaths end a job.
    public static final int DEFAULT_MAX_ATTEMPTS = 3;

    private static final int DEFAULT_MAX_OPEN = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,39}");

    public JobKind {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a kind's name has 1 to 40 small letters and dashes");
        }
        if (workers < 0 || maxAttempts < 1 || maxOpen < 1 || lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("a kind needs a lease, an attempt and room for a job");
        }
    }

    /// Makes a kind with the usual bounds.
    public JobKind(String name, int workers, Duration lease, Duration poll) {
        this(name, workers, lease, poll, DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_OPEN);
    }
}
