package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A file was refused; nothing of it was kept in a dataset.
///
/// @param rejectId    names the refusal for `GET /v1/rejects`
/// @param fileName    as the sender named it; absent when it had no name
/// @param problemType the problem's URI
/// @param detail      what is wrong with the file
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageRejected(
        String rejectId, String datasetName, @Nullable String fileName, String problemType, String detail)
        implements Event {

    @Override
    public String partitionKey() {
        return rejectId;
    }
}
