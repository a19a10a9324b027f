-- Durable work of all kinds. A row is the kit's part of a job; what is to be done, and what became of it, lies in the
-- domain's own tables under the same id.
--
-- attempts: claims since the job last came further. faults: those of them that ended with an error that was seen; the
-- others ended with their process.
-- token: grows with each claim and each cancellation; a write with an old one is refused.
-- due_at: infinity while a job waits for something that is to happen elsewhere.
-- revision: numbers what followers are told.
create table durable_job (
    id          text collate "C" not null primary key,
    kind        text        not null,
    owner       text        not null,
    position    bigint generated always as identity,
    state       text        not null default 'QUEUED'
        check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    due_at      timestamptz not null default now(),
    attempts    integer     not null default 0,
    faults      integer     not null default 0,
    token       bigint      not null default 0,
    worker      text,
    lease_until timestamptz,
    reason      text,
    revision    bigint      not null default 0,
    queued_at   timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz
);
create index durable_job_open on durable_job (kind, position) where state in ('QUEUED', 'RUNNING');
create index durable_job_ended on durable_job (finished_at) where finished_at is not null;

-- When an owner's job of a kind was last claimed: whoever waits longest is next.
create table durable_job_turn (
    kind  text        not null,
    owner text        not null,
    taken timestamptz not null,
    primary key (kind, owner)
);

-- What followers are told, each with the state after a change; kept for a while so that a follower that was cut off
-- misses nothing.
create table durable_job_event (
    job_id   text collate "C" not null references durable_job on delete cascade,
    revision bigint      not null,
    ended    boolean     not null,
    body     text        not null,
    at       timestamptz not null default now(),
    primary key (job_id, revision)
);
create index durable_job_event_by_age on durable_job_event (at);

-- Every process listens to one channel, named after the schema. 'q': a job of a kind may be claimed. 'c': a job was
-- cancelled. 'e': followers of a job have something to read. Notifications of one transaction that are equal are sent
-- once, at its commit.
create function durable_job_notify() returns trigger language plpgsql as $$
begin
    if new.state = 'QUEUED' and new.due_at <= clock_timestamp() then
        perform pg_notify('graft_jobs_' || tg_table_schema, 'q' || new.kind);
    elsif new.state = 'CANCELLED' then
        perform pg_notify('graft_jobs_' || tg_table_schema, 'c' || new.id);
    end if;
    return null;
end $$;
create trigger durable_job_changed after insert or update of state, due_at on durable_job
    for each row execute function durable_job_notify();

create function durable_job_event_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('graft_jobs_' || tg_table_schema, 'e' || new.job_id);
    return null;
end $$;
create trigger durable_job_told after insert on durable_job_event
    for each row execute function durable_job_event_notify();
