package dev.redrive.filter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter that cannot be understood. It is refused as a whole: a filter never becomes wider than it was written. */
public final class FilterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final int end;
    private final @Nullable String suggestion;

    /** @param position of the first character that is wrong, from 0, in UTF-16 code units */
    public FilterException(int position, String message) {
        this(position, message, null);
    }

    /** @param suggestion what was perhaps meant */
    public FilterException(int position, String message, @Nullable String suggestion) {
        this(position, position + 1, message, suggestion);
    }

    /**
     * @param end after the last character that is wrong; not before {@code position}
     * @param suggestion what was perhaps meant in place of what is between the two
     */
    public FilterException(int position, int end, String message, @Nullable String suggestion) {
        super(message, null, false, false);
        this.position = position;
        this.end = end;
        this.suggestion = suggestion;
    }

    public int position() {
        return position;
    }

    public int end() {
        return end;
    }

    public @Nullable String suggestion() {
        return suggestion;
    }

    /** What a caller is told beside the message, so that every refusal of a filter can be marked the same way. */
    public Map<String, Object> place() {
        var place = new LinkedHashMap<String, Object>();
        place.put("position", position);
        place.put("end", end);
        place.put("suggestion", suggestion);
        return place;
    }
}
