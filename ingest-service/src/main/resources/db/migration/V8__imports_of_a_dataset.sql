-- A dataset that is deleted hands its imports over, and no import may refer to it when its row goes.
create index import_job_by_dataset on import_job (dataset_id);
