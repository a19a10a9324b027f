/// Durable work: jobs that are queued with the domain's rows, claimed by any replica, cancelled wherever they run, and
/// followed by any number of clients.
///
/// A service implements [dev.graft.jobs.JobHandler] for each kind, queues by [dev.graft.jobs.Jobs#enqueue] inside its
/// own transaction, and serves followers by [dev.graft.jobs.JobFollowers]. It configures
/// `quarkus.flyway.locations=classpath:db/messaging,classpath:db/jobs,classpath:db/migration`; the versions of the
/// migrations of this library lie between 0.50 and 1.
///
/// The laws, proved by tests on a real database and with processes that are really killed:
///
/// - An attempt is counted when a job is claimed. A job whose process ended three times in a row without coming
///   further ([dev.graft.jobs.Attempt#advance]) fails with a reason that says so, and what stands behind it is
///   served. Nothing of the domain is read in the transaction of a claim: a job whose rows cannot be read keeps
///   nobody waiting, and ends.
/// - A claim is a lease with a fencing token. Every write of an attempt begins with the fence and holds the job's row;
///   nothing is written after a lost lease. Objects are written under a key of the attempt, or by content, and are
///   published by a row.
/// - Cancelling refuses the worker's writes at once, interrupts its thread within a second in whatever process it runs,
///   and lets the domain cancel in the same transaction what was begun for the job.
/// - The owners of a kind take turns, however many jobs each has.
/// - Followers cost one read for each change in each process, and none while nothing changes. Each event carries the
///   job's revision; a follower that was cut off goes on after the last one it has.
/// - A job may be refused before it is accepted ([dev.graft.jobs.JobHandler#admit], and a bound on open jobs).
/// - A thread that ends is started again, and liveness is DOWN until it runs.
/// - Each kind has meters: queued, running, age of the oldest, attempts, given up, seconds by outcome.
///
/// A transaction that locks a domain's row and the job's row locks the job's row first.
///
/// Why this is not db-scheduler (16.7.0, read in its sources):
///
/// - *Rows and events never part.* It writes by JDBC in connections of its own (`JdbcTaskRepository` over
///   `JdbcRunner`), while the domain's rows and the outbox are written in Hibernate Reactive's transactions on
///   another driver: a job could not be queued, ended or fenced in the transaction of the rows it speaks of.
/// - *An attempt counts when it is claimed.* `pick` and `lockAndFetch` set `picked` and `version` only;
///   `consecutive_failures` grows in the failure handler, in the process that must be alive for it. An execution
///   that ends its process comes to `DeadExecutionHandler`, whose default revives it at once, without a count: for
///   ever.
/// - *Cancelling reaches the work.* `SchedulerClient.cancel` throws `TaskInstanceCurrentlyExecutingException` for an
///   execution that is picked; there is no way to end one in another process.
/// - *Turns.* Executions are fetched by `priority desc, execution_time`; there is no owner, so a backlog of a hundred
///   is served before what came after it.
///
/// What it would have given besides, recurring tasks, nothing here needs.
@NullMarked
package dev.graft.jobs;

import org.jspecify.annotations.NullMarked;
