/// Holds the embeddings that are to be computed, and leases them to workers.
///
/// Its types know images by their id and extractors by their number, and depend on none by which an embedding is
/// computed or kept. Its statements read the tables around it: which jobs miss an image, and whether it has an
/// embedding or a failure already, since only one statement can ask that and queue the image.
///
/// Why an image is no job of [dev.graft.jobs], whose laws it keeps (an attempt counts when it is claimed, three
/// end it, a claim is a lease with a fence, those who ask take turns):
///
/// - *An image has many owners.* It is computed once for all jobs that want it and for the service itself; it
///   leaves the queue when the last of them is cancelled. A job of the kit has one owner, and is cancelled as a
///   whole.
/// - *A claim is of hundreds.* One lease, one fence, one segment file and one transaction cover up to 256
///   images. The kit claims one job in a transaction, and writes a row of news and a notification for each
///   change of each job: 128 images a second would be hundreds of transactions where there is one now.
/// - *Attempts say who is to blame.* What broke off together is tried in smaller groups, then alone, while
///   nothing else is computed. The kit's jobs do not know each other.
/// - *The row is small and soon gone.* A hundred thousand images are queued by set-wise statements, and a row
///   is deleted in the transaction of its result. The kit keeps its rows for a week, and lets nobody queue more
///   than 10,000.
@NullMarked
package dev.graft.feature.queue;

import org.jspecify.annotations.NullMarked;
