package dev.graft.feature.job;

/// The statements of [JobStore]. Every change of a job is one of them, so that two writers never overwrite each other.
final class JobSql {
    private JobSql() {}

    static final String INSERT = """
            insert into job (id, manifest_key, image_ids, backbone, layer, input_size_pixels, precision)
            values (:id, cast(:manifest as text), cast(:images as text), cast(:backbone as text), cast(:layer as text),
                cast(:size as integer), :precision)
            on conflict (id) do nothing""";

    private static final String LEASE = """
            update job set lease_id = cast(:lease as uuid),
                lease_expires_at = now() + :millis * interval '1 millisecond'
            where id = (
                select id from job
                where %s and (lease_expires_at is null or lease_expires_at < now())
                order by requested_at limit 1
                for update skip locked)
            returning id""";

    private static final String QUEUED = "state = 'QUEUED'";
    private static final String SETTLED = "state = 'RUNNING' and cached + computed + failed = total";
    private static final String MOVED = "state = 'RUNNING' and announced <> computed + failed";

    static final String LEASE_QUEUED = LEASE.formatted(QUEUED);
    static final String LEASE_SETTLED = LEASE.formatted(SETTLED);

    static final String AGENDA = """
            select exists (select from job where %s),
                exists (select from job where %s),
                exists (select from job where %s)""".formatted(QUEUED, MOVED, SETTLED);

    static final String PLAN = """
            with asked as (
                select unnest(string_to_array(:images, ',')) as image_id
            ), missing as (
                select a.image_id from asked a
                where not exists (
                        select from embedding e where e.extractor_id = :extractor and e.image_id = a.image_id)
                  and not exists (
                        select from failure f where f.extractor_id = :extractor and f.image_id = a.image_id)
            ), awaited as (
                insert into job_missing (job_id, extractor_id, image_id)
                select :job, :extractor, image_id from missing
            ), queued as (
                insert into pending (extractor_id, image_id, priority)
                select :extractor, image_id, 1 from missing
                on conflict (extractor_id, image_id) do update set priority = 1 where pending.priority < 1
            ), failed as (
                insert into job_failure (job_id, image_id)
                select :job, a.image_id from asked a
                join failure f on f.extractor_id = :extractor and f.image_id = a.image_id
                returning image_id
            )
            select (select count(*) from missing), (select count(*) from failed)""";

    static final String RUN = """
            update job set state = 'RUNNING', started_at = now(), extractor_id = :extractor, total = :total,
                cached = :cached, failed = :failed, announced = :failed, announced_at = now(),
                lease_id = null, lease_expires_at = null
            where id = :job""";

    static final String ANNOUNCE = """
            update job set announced = computed + failed, announced_at = now()
            where id in (
                select id from job
                where %s and announced_at < now() - :millis * interval '1 millisecond'
                for update skip locked)
            returning id, total, cached, computed, failed,
                (select digest from extractor x where x.id = job.extractor_id)""".formatted(MOVED);

    static final String END = """
            update job set state = :state, finished_at = now(), index_key = cast(:index as text),
                detail = cast(:detail as text), lease_id = null, lease_expires_at = null
            where id = :job and lease_id = cast(:lease as uuid) and state in ('QUEUED', 'RUNNING')
            returning id, total, cached, computed, failed,
                (select digest from extractor x where x.id = job.extractor_id)""";
}
