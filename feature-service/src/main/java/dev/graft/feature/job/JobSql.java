package dev.graft.feature.job;

/// The native statements of [EmbeddingJobs]: `on conflict`, `skip locked` and `returning` have no form in HQL,
/// and neither have statements that work on many images at once. Lists come as arrays of some thousand images
/// at most.
final class JobSql {
    private JobSql() {}

    static final String INSERT = """
            insert into job (id, manifest_key, images_digest, backbone, layer, input_size_pixels, precision)
            values (:id, cast(:manifest as text), cast(:digest as text), cast(:backbone as text),
                cast(:layer as text), cast(:size as integer), :precision)
            on conflict (id) do nothing""";

    static final String INSERT_IMAGES = """
            insert into job_image (job_id, position, image_id)
            select :id, line.number, line.image_id
            from unnest(cast(:images as text[])) with ordinality as line (image_id, number)""";

    static final String INSERT_CANCELLED = """
            insert into job (id, manifest_key, precision, state, detail, finished_at)
            values (:id, '', 'F32', 'CANCELLED', :detail, now())
            on conflict (id) do nothing""";

    /// Looks what some images of a job lack, queues it, and counts.
    static final String PLAN = """
            with asked as (
                select line.image_id, line.number
                from unnest(cast(:images as text[])) with ordinality as line (image_id, number)
            ), missing as (
                select a.image_id, a.number from asked a
                where not exists (
                        select from embedding e where e.extractor_id = :extractor and e.image_id = a.image_id)
                  and not exists (
                        select from failure f where f.extractor_id = :extractor and f.image_id = a.image_id)
            ), awaited as (
                insert into job_missing (job_id, extractor_id, image_id)
                select :job, :extractor, image_id from missing order by number
            ), queued as (
                insert into pending (extractor_id, image_id)
                select :extractor, image_id from missing order by number
                on conflict (extractor_id, image_id) do nothing
            ), failures as (
                insert into job_failure (job_id, image_id)
                select :job, a.image_id from asked a
                join failure f on f.extractor_id = :extractor and f.image_id = a.image_id
                returning image_id
            ), counts as (
                select (select count(*) from asked) as asked, (select count(*) from missing) as missing,
                    (select count(*) from failures) as failures
            )
            update job set extractor_id = :extractor, planned = planned + counts.asked, total = total + counts.asked,
                failed = failed + counts.failures, announced = announced + counts.failures,
                cached = cached + counts.asked - counts.missing - counts.failures
            from counts where job.id = :job""";

    static final String TAKE_TURNS = """
            insert into image_turn (source) values (:job) on conflict do nothing""";

    static final String LEAVE_TURNS = "delete from image_turn where source = :job";

    /// Leaves out the jobs that another replica publishes at this moment.
    static final String PUBLISH = """
            update job set announced = computed + failed, announced_at = now()
            where id in (
                select id from job
                where state = 'RUNNING' and announced <> computed + failed
                  and announced_at < now() - :millis * interval '1 millisecond'
                for update skip locked)
            returning id, total, cached, computed, failed,
                (select digest from extractor x where x.id = job.extractor_id)""";

    /// Forgets some of what a cancelled job waited for; images that nobody else wants leave the queue, but for those
    /// that a worker has. The rows to delete are named by their places in the table: joined by their images,
    /// all rows of the table may be read for each part.
    static final String FORGET_MISSING = """
            with gone as (
                delete from job_missing
                where ctid = any(array(
                    select ctid from job_missing where job_id = :job order by position limit :limit))
                returning extractor_id, image_id
            ), unwanted as (
                delete from pending p using gone g
                where p.extractor_id = g.extractor_id and p.image_id = g.image_id
                  and p.claim_id is null and not p.in_advance
                  and not exists (
                    select from job_missing m
                    where m.extractor_id = p.extractor_id and m.image_id = p.image_id and m.job_id <> :job)
            )
            select count(*) from gone""";
}
