-- Who works on a run, and how often it was tried, is kept by the kit for durable work. Open runs go on there: those
-- whose embeddings are complete at once, the others when they are.
insert into durable_job (id, kind, owner, due_at, queued_at)
select id, 'training-run', dataset, case when index_key is null then 'infinity' else now() end, created_at
from training_run where state not in ('SUCCEEDED', 'FAILED', 'CANCELLED')
order by created_at;

alter table training_run
    drop column failures, drop column lease_id, drop column lease_expires_at, drop column due_at;

-- What a stage of a run has come to, as an object whose key holds the digest of its content. A row is written when the
-- object is complete; an attempt after a crash goes on after the last one.
create table training_stage (
    run_id      text             not null references training_run,
    stage       text             not null,
    object_key  text             not null,
    sha256      text             not null,
    seconds     double precision not null,
    finished_at timestamptz      not null default now(),
    primary key (run_id, stage)
);
