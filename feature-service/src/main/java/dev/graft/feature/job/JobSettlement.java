package dev.graft.feature.job;

import dev.graft.feature.pipeline.Settlement;
import dev.graft.jobs.Jobs;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// Counts for the jobs that wait what became of their images. A job that waits for nothing more is taken up again, and
/// completed.
@ApplicationScoped
class JobSettlement implements Settlement {
    /// Native because the images of all jobs are settled by one statement, which holds the jobs' rows in the
    /// order of their ids.
    private static final String COUNT_COMPUTED = """
            with settled as (
                delete from job_missing
                where extractor_id = :extractor and image_id = any(cast(:images as text[]))
                returning job_id
            ), counts as (
                select job_id, count(*) as images from settled group by job_id
            ), locked as (
                select id from job where id in (select job_id from counts) order by id for update
            )
            update job set computed = job.computed + counts.images
            from counts join locked on locked.id = counts.job_id where job.id = counts.job_id
            returning job.id, job.state = 'RUNNING' and job.cached + job.computed + job.failed = job.total""";

    /// Native as [#COUNT_COMPUTED] is.
    private static final String COUNT_FAILED = """
            with settled as (
                delete from job_missing
                where extractor_id = :extractor and image_id = any(cast(:images as text[]))
                returning job_id, image_id
            ), noted as (
                insert into job_failure (job_id, image_id) select job_id, image_id from settled
            ), counts as (
                select job_id, count(*) as images from settled group by job_id
            ), locked as (
                select id from job where id in (select job_id from counts) order by id for update
            )
            update job set failed = job.failed + counts.images
            from counts join locked on locked.id = counts.job_id where job.id = counts.job_id
            returning job.id, job.state = 'RUNNING' and job.cached + job.computed + job.failed = job.total""";

    private final Jobs jobs;

    JobSettlement(Jobs jobs) {
        this.jobs = jobs;
    }

    /// A job that waited for images which are settled now.
    ///
    /// @param complete whether it waits for nothing more
    private record Counted(String jobId, boolean complete) {}

    @Override
    public Uni<Void> computed(Mutiny.Session session, int extractorId, List<String> imageIds) {
        return count(session, COUNT_COMPUTED, extractorId, imageIds);
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, int extractorId, List<String> imageIds) {
        return count(session, COUNT_FAILED, extractorId, imageIds);
    }

    private Uni<Void> count(Mutiny.Session session, String statement, int extractorId, List<String> imageIds) {
        return session.createNativeQuery(statement, Object[].class)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .getResultList()
                .chain(counted -> Multi.createFrom()
                        .iterable(counted)
                        .map(row -> new Counted((String) row[0], (Boolean) row[1]))
                        .filter(Counted::complete)
                        .onItem()
                        .transformToUniAndConcatenate(job -> jobs.wake(session, job.jobId()))
                        .collect()
                        .last())
                .replaceWithVoid();
    }
}
