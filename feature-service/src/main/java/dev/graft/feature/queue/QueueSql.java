package dev.graft.feature.queue;

/// The native statements of [PendingImages]. They have no form in HQL: a list of images comes as one array,
/// which is compared with an index; rows are claimed by `for update skip locked` and given back by `returning`;
/// and times are those of the database's clock, which all replicas share.
final class QueueSql {
    private QueueSql() {}

    /// Set-wise: what is computed, given up or queued already is left out by one statement.
    static final String ENQUEUE = """
            insert into pending (extractor_id, image_id, in_advance, urgent)
            select :extractor, asked.image_id, true, :urgent
            from (select distinct unnest(cast(:images as text[])) as image_id) as asked
            where not exists (select from embedding e where e.extractor_id = :extractor and e.image_id = asked.image_id)
              and not exists (select from failure f where f.extractor_id = :extractor and f.image_id = asked.image_id)
            on conflict (extractor_id, image_id)
                do update set in_advance = true, urgent = pending.urgent or excluded.urgent
                where not pending.in_advance or excluded.urgent and not pending.urgent""";

    static final String FORGET_MENDABLE = """
            delete from failure
            where extractor_id = :extractor and image_id = any(cast(:images as text[])) and reason <> 'UNDECODABLE'
              and (reason <> 'ENDED_PROCESS' or failed_at < now() - interval '1 day')""";

    /// The source with free images that waits longest, and its extractor. The lateral join costs a look into
    /// an index for each source, also for jobs without free images.
    static final String NEXT_SOURCE = """
            select t.source, x.id, x.dimension
            from image_turn t
            cross join lateral (
                select case when t.source = '*' then (
                        select p.extractor_id from pending p
                        where p.claim_id is null and p.attempts = 0 and p.in_advance order by p.position limit 1)
                    else (
                        select p.extractor_id from job_missing m
                        join pending p on p.extractor_id = m.extractor_id and p.image_id = m.image_id
                        where m.job_id = t.source and p.claim_id is null and p.attempts = 0
                        order by m.position limit 1)
                    end as extractor_id) as free
            join extractor x on x.id = free.extractor_id
            order by t.taken limit 1""";

    static final String TAKE_TURN = "update image_turn set taken = clock_timestamp() where source = :source";

    private static final String CLAIM = """
            with picked as (%s
            ), held as (
                update pending p set claim_id = cast(:claim as uuid), attempts = attempts + 1
                from picked
                where p.extractor_id = picked.extractor_id and p.image_id = picked.image_id
                returning p.image_id, picked.place
            )
            select image_id from held order by place""";

    static final String CLAIM_OF_JOB = CLAIM.formatted("""

                select p.extractor_id, p.image_id, m.position as place
                from job_missing m join pending p on p.extractor_id = m.extractor_id and p.image_id = m.image_id
                where m.job_id = :source and p.claim_id is null and p.attempts = 0
                order by m.position limit :limit
                for update of p skip locked""");

    static final String CLAIM_IN_ADVANCE = CLAIM.formatted("""

                select p.extractor_id, p.image_id, p.position as place
                from pending p
                where p.extractor_id = :extractor and p.claim_id is null and p.attempts = 0 and p.in_advance
                order by p.position limit :limit
                for update of p skip locked""");

    static final String CLAIM_URGENT = CLAIM.formatted("""

                select p.extractor_id, p.image_id, p.position as place
                from pending p
                where p.extractor_id = :extractor and p.claim_id is null and p.attempts = 0 and p.urgent
                order by p.position limit :limit
                for update of p skip locked""");

    static final String CLAIM_SUSPECT = CLAIM.formatted("""

                select p.extractor_id, p.image_id, p.position as place
                from pending p
                where p.extractor_id = :extractor and p.claim_id is null
                  and p.attempts = :attempts and p.faults = :faults
                order by p.position limit :limit
                for update of p skip locked""");

    static final String INSERT_CLAIM = """
            insert into claim (id, worker, expires_at)
            values (cast(:claim as uuid), :worker, now() + :lease * interval '1 millisecond')""";

    /// A claim is a row without an entity: it is inserted, renewed and deleted by these statements, and read by
    /// none.
    static final String DELETE_CLAIM = "delete from claim where id = cast(:claim as uuid)";

    static final String RENEW = """
            update claim set expires_at = now() + :lease * interval '1 millisecond'
            where id = any(cast(cast(:claims as text[]) as uuid[]))
            returning cast(id as text)""";

    /// Gives images back that were not computed; those that nobody wants any more go. An attempt that does not count
    /// is taken back, one that counts is a fault that was seen.
    static final String RELEASE = """
            with gone as (
                delete from claim where id = cast(:claim as uuid) returning id
            ), unwanted as (
                delete from pending p
                where p.claim_id in (select id from gone) and not p.in_advance
                  and not exists (
                    select from job_missing m join job j on j.id = m.job_id
                    where m.extractor_id = p.extractor_id and m.image_id = p.image_id and j.state <> 'CANCELLED')
                returning p.extractor_id, p.image_id
            )
            update pending set claim_id = null,
                attempts = greatest(attempts - case when :counted then 0 else 1 end, 0),
                faults = faults + case when :counted then 1 else 0 end
            where claim_id in (select id from gone)
              and not exists (
                select from unwanted u
                where u.extractor_id = pending.extractor_id and u.image_id = pending.image_id)""";

    /// Finds the claims among whose images is one that nobody wants any more: see [#RELEASE].
    static final String UNWANTED = """
            select held.id from unnest(cast(:claims as text[])) as held (id)
            where exists (
                select from pending p
                where p.claim_id = cast(held.id as uuid) and not p.in_advance
                  and not exists (
                    select from job_missing m join job j on j.id = m.job_id
                    where m.extractor_id = p.extractor_id and m.image_id = p.image_id and j.state <> 'CANCELLED'))""";

    static final String RELEASE_EXPIRED = """
            with gone as (delete from claim where expires_at < now() returning id)
            update pending set claim_id = null where claim_id in (select id from gone)""";

    /// Counts no more than the bound, so that a long queue costs no more than a short one.
    static final String DEPTH = """
            select (select count(*) from (select from pending where claim_id is null limit :bound) as free),
                (select count(claim_id) from pending where claim_id is not null),
                (select cast(coalesce(extract(epoch from now() - min(asked_at)), 0) as double precision) from pending)""";
}
