package dev.redrive.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.redrive.transform.ExactJson.UnfitException;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An edit of one value as a program that does the same to others: an assignment for each field that differs, and one
 * {@code del}. Applied to the value that was edited it gives the edit, but for white space and for where new names stand.
 *
 * @param program null where there is none
 * @param why a sentence, null where there is a program
 */
public record EditProgram(
        @Nullable String program, @Nullable String why) {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

    /** Takes time that grows with the values; not for an event loop. @param before null for a tombstone, as {@code after} */
    public static EditProgram of(@Nullable Buffer before, @Nullable Buffer after) {
        if (before == null || after == null) {
            return none("One side is a tombstone, which is no JSON");
        }
        try {
            var parts = new Parts();
            parts.compare("", ExactJson.read(before.getBytes()), ExactJson.read(after.getBytes()));
            var program = parts.program();
            if (program.isEmpty()) {
                return none("The value is not edited, or only its layout");
            }
            return program.length() > Transform.LONGEST
                    ? none("The edit is too long for a program")
                    : new EditProgram(program, null);
        } catch (UnfitException unfit) {
            return none("One side " + unfit.failed().told());
        }
    }

    private static EditProgram none(String why) {
        return new EditProgram(null, why);
    }

    private static final class Parts {
        private final List<String> set = new ArrayList<>();
        private final List<String> dropped = new ArrayList<>();

        String program() {
            var all = new ArrayList<>(set);
            if (!dropped.isEmpty()) {
                all.add("del(" + String.join(", ", dropped) + ")");
            }
            return String.join(" | ", all);
        }

        void compare(String path, JsonNode before, JsonNode after) {
            if (before.isObject() && after.isObject()) {
                before.fieldNames().forEachRemaining(name -> {
                    var then = after.get(name);
                    if (then == null) {
                        dropped.add(below(path, name));
                    } else {
                        compare(below(path, name), before.get(name), then);
                    }
                });
                after.fieldNames().forEachRemaining(name -> {
                    if (!before.has(name)) {
                        set(below(path, name), after.get(name));
                    }
                });
            } else if (before.isArray() && after.isArray()) {
                for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                    var place = (path.isEmpty() ? "." : path) + "[" + i + "]";
                    if (i >= after.size()) {
                        dropped.add(place);
                    } else if (i >= before.size()) {
                        set(place, after.get(i));
                    } else {
                        compare(place, before.get(i), after.get(i));
                    }
                }
            } else if (!before.equals(after)) {
                set(path, after);
            }
        }

        private void set(String path, JsonNode value) {
            set.add(path.isEmpty() ? literal(value) : path + " = " + literal(value));
        }
    }

    private static String below(String path, String name) {
        if (PLAIN_NAME.matcher(name).matches()) {
            return path + "." + name;
        }
        return (path.isEmpty() ? "." : path) + "[" + TextNode.valueOf(name) + "]";
    }

    private static String literal(JsonNode value) {
        if (value.isObject()) {
            var names = new ArrayList<String>();
            value.fieldNames()
                    .forEachRemaining(name -> names.add(TextNode.valueOf(name) + ": " + literal(value.get(name))));
            return "{" + String.join(", ", names) + "}";
        }
        if (value.isArray()) {
            var elements = new ArrayList<String>();
            value.forEach(element -> elements.add(literal(element)));
            return "[" + String.join(", ", elements) + "]";
        }
        return value.isNumber() && !isPlain(value.asText())
                ? "(\"" + value.asText() + "\" | tonumber)"
                : value.isNumber() ? value.asText() : value.toString();
    }

    /** Whether jq writes the number as it reads it; another one is said as a text. */
    private static boolean isPlain(String number) {
        if (number.matches("-?(0|[1-9][0-9]{0,15})")) {
            return !number.equals("-0") && new BigDecimal(number).abs().compareTo(EXACT) < 0;
        }
        return number.matches("[0-9]{1,6}\\.[0-9]{1,8}")
                && Double.toString(Double.parseDouble(number)).equals(number);
    }
}
