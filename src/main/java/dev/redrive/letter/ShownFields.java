package dev.redrive.letter;

import dev.redrive.filter.ContentPath;
import dev.redrive.filter.FilterException;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers and payload paths that a list shows of each of its letters. Found as a filter finds them, see
 * {@link BytesTerms}.
 */
record ShownFields(List<ContentPath> paths) {

    private static final int MOST = 3;
    private static final String READ_PAYLOAD = "payload:read";

    ShownFields {
        paths = List.copyOf(paths);
    }

    /**
     * @param fields null for none
     * @throws RefusedException where it is no list of headers and paths, or the caller may not see bytes of records
     */
    static ShownFields of(Call call, @Nullable String fields) {
        if (fields == null) {
            return new ShownFields(List.of());
        }
        if (!call.caller().permissions().contains(READ_PAYLOAD)) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "Fields of headers and payloads ask for " + READ_PAYLOAD);
        }
        try {
            return new ShownFields(ContentPath.listOf(fields, MOST));
        } catch (FilterException wrong) {
            throw RefusedException.invalidParameter(
                    "fields", wrong.getMessage() + " (at character " + (wrong.position() + 1) + ")");
        }
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }
}
