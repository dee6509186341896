package dev.redrive.job;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people may write about letters. Everything else is refused with the place in the body. */
public final class Noted {

    static final int MOST_TAGS = 20;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NOTE = 10_000;

    /** As they are written in a filter without quotes. */
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._/-]{0,49}");

    private Noted() {}

    /** @return null for nobody */
    public static @Nullable String assignee(@Nullable Object given, String pointer) {
        if (given == null) {
            return null;
        }
        if (given instanceof String name && !name.isBlank() && name.length() <= LONGEST_NAME && isText(name)) {
            return name.strip();
        }
        throw invalid(pointer, "A name of at most 200 characters, or null");
    }

    /** @return without doubles and in order */
    public static List<String> tags(@Nullable Object given, String pointer) {
        if (!(given instanceof JsonArray array) || array.size() > MOST_TAGS) {
            throw invalid(pointer, "A list of at most 20 tags");
        }
        var tags = new TreeSet<String>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof String tag) || !TAG.matcher(tag).matches()) {
                throw invalid(pointer + "/" + i, "A tag is 1 to 50 letters, digits, and . _ / - after the first");
            }
            tags.add(tag);
        }
        return List.copyOf(tags);
    }

    public static String text(@Nullable Object given, String pointer) {
        if (given instanceof String text
                && !text.isBlank()
                && text.length() <= LONGEST_NOTE
                && text.indexOf('\0') < 0) {
            return text.strip();
        }
        throw invalid(pointer, "A text of at most 10,000 characters");
    }

    /** Names go into logs and lists, so they hold no control characters. */
    private static boolean isText(String name) {
        return name.chars().noneMatch(Character::isISOControl);
    }

    static List<String> strings(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
