-- How many files of an import were refused for which reason, counted as it goes on. kind is a problem's URI, or 'leak'.
create table import_finding (
    import_id      uuid   not null references import_job,
    kind           text   not null,
    files          bigint not null,
    example_file   text,
    example_detail text,
    primary key (import_id, kind)
);

-- Files of an import whose pictures lie in another split too, and are kept there.
create table import_leak (
    import_id      uuid   not null references import_job,
    ordinal        bigint not null,
    file_name      text,
    label          text   not null,
    split          text   not null,
    kept_file_name text,
    kept_split     text   not null,
    primary key (import_id, ordinal)
);

-- Labels are composed where they come in, so that one class is not two that look the same. Those that came before were not.
update dataset_image set label = normalize(label, NFC) where label is not NFC normalized;
