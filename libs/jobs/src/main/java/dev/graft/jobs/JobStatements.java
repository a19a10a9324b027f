package dev.graft.jobs;

/// The statements of [JobRows]. They are native because `skip locked`, `returning` and the conditional updates that
/// make a fence have no form in HQL.
final class JobStatements {
    private JobStatements() {}

    private static final String AFTER = "now() + :millis * interval '1 millisecond'";

    static final String INSERT = """
            insert into durable_job (id, kind, owner, due_at)
            values (:id, :kind, :owner, case when :due then now() else 'infinity' end)
            on conflict (id) do nothing""";

    static final String OPEN = """
            select count(*) from (
                select from durable_job where kind = :kind and state in ('QUEUED', 'RUNNING') limit :limit) as open""";

    /// Takes the oldest job of the owner who has waited longest: one that is due, or whose worker gave no sign of life
    /// for a lease.
    static final String CLAIM = """
            with next as (
                select j.id from durable_job j
                left join durable_job_turn t on t.kind = j.kind and t.owner = j.owner
                where j.kind = :kind
                  and (j.state = 'QUEUED' and j.due_at <= now() or j.state = 'RUNNING' and j.lease_until < now())
                order by t.taken nulls first, j.position limit 1
                for update of j skip locked
            ), claimed as (
                update durable_job j set state = 'RUNNING', token = token + 1, attempts = attempts + 1,
                    worker = :worker, lease_until = %s, started_at = coalesce(started_at, now())
                from next where j.id = next.id
                returning j.id, j.kind, j.owner, j.token, j.attempts, j.faults
            ), turn as (
                insert into durable_job_turn (kind, owner, taken) select kind, owner, clock_timestamp() from claimed
                on conflict (kind, owner) do update set taken = excluded.taken
            )
            select id, owner, token, attempts, faults from claimed""".formatted(AFTER);

    static final String RENEW = """
            update durable_job j set lease_until = %s
            from unnest(cast(:ids as text[]), cast(:tokens as bigint[])) as held (id, token)
            where j.id = held.id and j.token = held.token and j.state = 'RUNNING'
            returning j.id, j.token""".formatted(AFTER);

    /// Checks and holds the fence until the transaction ends, and renews the lease.
    static final String WRITE = """
            update durable_job set lease_until = %s, revision = revision + :news,
                attempts = case when :further then 1 else attempts end,
                faults = case when :further then 0 else faults end
            where id = :id and token = :token and state = 'RUNNING'
            returning revision""".formatted(AFTER);

    static final String END = """
            update durable_job set state = :state, reason = cast(:reason as text), finished_at = now(),
                lease_until = null, revision = revision + 1
            where id = :id and token = :token and state = 'RUNNING'
            returning revision""";

    static final String PARK = """
            update durable_job set state = 'QUEUED', due_at = 'infinity', attempts = 0, faults = 0, lease_until = null,
                revision = revision + 1
            where id = :id and token = :token and state = 'RUNNING'
            returning revision""";

    /// Gives a job back. A claim that does not count is taken back from the attempts.
    static final String RELEASE = """
            update durable_job set state = 'QUEUED', due_at = %s, lease_until = null,
                attempts = attempts - case when :counted then 0 else 1 end,
                faults = faults + case when :counted then 1 else 0 end
            where id = :id and token = :token and state = 'RUNNING'
            returning revision""".formatted(AFTER);

    static final String CHANGE = """
            update durable_job set revision = revision + 1
            where id = :id and state in ('QUEUED', 'RUNNING')
            returning kind, revision""";

    /// Does not wait for a transaction that changes the job at this moment: it sees by itself what there is to
    /// do.
    static final String WAKE = """
            update durable_job set due_at = now()
            where id = (
                select id from durable_job where id = :id and state = 'QUEUED' and due_at > now()
                for update skip locked)""";

    static final String CANCEL = """
            update durable_job set state = 'CANCELLED', reason = :reason, token = token + 1, finished_at = now(),
                lease_until = null, revision = revision + 1
            where id = :id and state in ('QUEUED', 'RUNNING')
            returning kind, revision""";

    static final String LIVE = """
            select j.id, j.token from durable_job j
            join unnest(cast(:ids as text[]), cast(:tokens as bigint[])) as held (id, token)
                on j.id = held.id and j.token = held.token
            where j.state = 'RUNNING'""";

    static final String PUBLISH = """
            insert into durable_job_event (job_id, revision, ended, body) values (:id, :revision, :ended, :body)""";

    /// Publishes once more what was published last.
    static final String PUBLISH_LAST = """
            insert into durable_job_event (job_id, revision, ended, body)
            select job_id, :revision, :ended, body from durable_job_event
            where job_id = :id order by revision desc limit 1""";

    static final String NEWS = """
            select revision, ended, body from durable_job_event
            where job_id = :id and revision > :after order by revision limit :limit""";

    static final String LATEST = """
            select revision, ended, body from durable_job_event
            where job_id = :id order by revision desc limit 1""";

    static final String STANDING = "select kind, revision, state from durable_job where id = :id";

    static final String FIGURES = """
            select kind, count(*) filter (where state = 'QUEUED'), count(*) filter (where state = 'RUNNING'),
                cast(coalesce(extract(epoch from now() - min(queued_at)), 0) as double precision)
            from durable_job where state in ('QUEUED', 'RUNNING') group by kind""";

    static final String FORGET_NEWS = """
            delete from durable_job_event where ctid = any(array(
                select e.ctid from durable_job_event e
                where e.at < now() - :millis * interval '1 millisecond'
                  and exists (select from durable_job_event l where l.job_id = e.job_id and l.revision > e.revision)
                order by e.at limit :rows))""";

    static final String FORGET_TURNS = """
            delete from durable_job_turn where ctid = any(array(
                select t.ctid from durable_job_turn t
                where t.taken < now() - :millis * interval '1 millisecond'
                  and not exists (
                    select from durable_job j
                    where j.kind = t.kind and j.owner = t.owner and j.state in ('QUEUED', 'RUNNING'))
                limit :rows))""";

    static final String FORGET_JOBS = """
            delete from durable_job where id in (
                select id from durable_job where finished_at < now() - :millis * interval '1 millisecond'
                order by finished_at limit :rows)""";
}
