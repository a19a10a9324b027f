package dev.graft.problem;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.stream.Collectors;

/// Says to clients what is wrong with their JSON.
public final class JsonProblems {
    private JsonProblems() {}

    /// Describes why JSON could not be read, with a pointer to what is wrong: an empty one means the whole body.
    public static Problem of(JsonProcessingException exception) {
        String pointer = exception instanceof JsonMappingException mapping ? pointerTo(mapping) : "";
        String detail = detailOf(exception, pointer);
        return Problem.of(ProblemType.INVALID_REQUEST, detail, pointer);
    }

    /// Our own checks speak for themselves; Jackson's sentences name classes, so they are replaced.
    private static String detailOf(JsonProcessingException exception, String pointer) {
        if (exception instanceof ValueInstantiationException
                && exception.getCause() instanceof IllegalArgumentException check
                && check.getMessage() != null) {
            return check.getMessage();
        }
        if (exception instanceof UnrecognizedPropertyException unknown && unknown.getKnownPropertyIds() != null) {
            return "There is no member %s; there are: %s."
                    .formatted(
                            shortened(unknown.getPropertyName()),
                            unknown.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (!pointer.isEmpty()) {
            return "The value at " + shortened(pointer) + " is missing or of the wrong kind.";
        }
        if (exception.getLocation() == null) {
            return "The body is not the JSON that was expected.";
        }
        return "The body is not the JSON that was expected, at line %d, column %d."
                .formatted(
                        exception.getLocation().getLineNr(),
                        exception.getLocation().getColumnNr());
    }

    private static String shortened(String written) {
        int most = 200;
        return written.length() <= most ? written : written.substring(0, most) + "…";
    }

    private static String pointerTo(JsonMappingException exception) {
        JsonPointer pointer = JsonPointer.empty();
        for (JsonMappingException.Reference step : exception.getPath()) {
            pointer = step.getFieldName() == null
                    ? pointer.appendIndex(step.getIndex())
                    : pointer.appendProperty(step.getFieldName());
        }
        return pointer.toString();
    }
}
