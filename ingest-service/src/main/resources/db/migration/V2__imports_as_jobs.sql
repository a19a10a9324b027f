-- Who works on an import, and how often it was tried, is kept by the kit for durable work. Open imports go on there.
insert into durable_job (id, kind, owner, due_at, token, queued_at)
select cast(j.id as text), 'import', d.name, case j.state when 'UPLOADING' then 'infinity' else now() end,
    j.fencing_token, j.created_at
from import_job j join dataset d on d.id = j.dataset_id
where j.state in ('UPLOADING', 'QUEUED', 'RUNNING')
order by j.created_at;

update import_job set state = 'QUEUED' where state = 'RUNNING';

alter table import_job drop column fencing_token, drop column lease_until, drop column failures;

-- A dataset that is deleted ends its open imports.
create index import_job_open_by_dataset on import_job (dataset_id) where state in ('UPLOADING', 'QUEUED', 'RUNNING');
