-- What is left of deleted datasets is removed by jobs.
insert into durable_job (id, kind, owner)
select 'dataset-' || id, 'dataset-deletion', 'datasets' from dataset where discarded order by id;

drop index dataset_discarded;
