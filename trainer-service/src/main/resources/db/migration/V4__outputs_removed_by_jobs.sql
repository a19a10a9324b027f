-- The outputs of a run's stages are removed by a job, queued in the transaction that ends the run.
--
-- A row is written before its object, so that whatever may lie in object storage is known: two attempts on processors
-- of two kinds may come to two outputs of one stage. finished_at: when the object was complete; only then it counts.
alter table training_stage
    drop constraint training_stage_pkey,
    add primary key (object_key),
    alter column finished_at drop not null,
    alter column finished_at drop default;
create index training_stage_by_run on training_stage (run_id);

-- What was left behind until now.
insert into durable_job (id, kind, owner)
select 'outputs-0/' || r.id, 'stage-outputs-removal', 'training-runs'
from training_run r
where r.state in ('SUCCEEDED', 'FAILED', 'CANCELLED')
  and exists (select from training_stage s where s.run_id = r.id)
on conflict (id) do nothing;
