-- What a run was evaluated on is called a split. The results of earlier runs are read by the same clients.
update training_run
set result = replace(replace(result,
        '"evaluatedOn":"TEST_PART"', '"evaluatedOn":"TEST_SPLIT"'),
        '"evaluatedOn":"VALIDATION_PART"', '"evaluatedOn":"VALIDATION_SPLIT"')
where result like '%"evaluatedOn":"%\_PART"%';
