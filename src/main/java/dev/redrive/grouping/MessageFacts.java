package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a message says about the defect even where its wording does not count: HTTP status, field of the document. */
final class MessageFacts {

    private static final String NEWTONSOFT = ". Path '";
    private static final String REFERENCE_CHAIN = "(through reference chain: ";
    /** Python's jsonschema, in the last paragraph of its message: {@code On instance['lines'][0]['amount']:}. */
    private static final String INSTANCE = "\nOn instance[";

    /** kotlinx names the field itself, and in newer versions where in the document its object is. */
    private static final String NAMED_FIELD = ", but it was missing at path: ";

    private static final int LOOKED_AT = 8_000;

    /**
     * A field that a decoder or validator refused.
     *
     * @param document own class that the record was to become; null where unknown
     * @param path without array indexes
     */
    record Field(@Nullable String document, String path) {}

    private MessageFacts() {}

    /** The status in a normalised message, where every other number has become a placeholder. */
    static @Nullable String status(String normalised) {
        for (int i = 0; i + 3 <= normalised.length(); i++) {
            boolean starts = i == 0 || !Character.isLetterOrDigit(normalised.charAt(i - 1));
            boolean ends = i + 3 == normalised.length() || !Character.isLetterOrDigit(normalised.charAt(i + 3));
            if (starts && ends && digits(normalised, i) == 3) {
                return normalised.substring(i, i + 3);
            }
        }
        return null;
    }

    /** The field that the message names, null where it names none. */
    static @Nullable Field field(String message) {
        String text = message.substring(0, Math.min(message.length(), LOOKED_AT));
        int chain = text.indexOf(REFERENCE_CHAIN);
        if (chain >= 0) {
            int newline = text.indexOf('\n', chain);
            return referenceChain(
                    text.substring(chain + REFERENCE_CHAIN.length(), newline < 0 ? text.length() : newline));
        }
        int array = text.indexOf("\"path\": [");
        array = array < 0 ? text.indexOf("\"path\":[") : array;
        if (array >= 0) {
            int end = text.indexOf(']', array);
            var names = quotedIn(text.substring(array + 7, end < 0 ? text.length() : end));
            return new Field(null, join(names) + code(text));
        }
        int instance = text.indexOf(INSTANCE);
        if (instance >= 0) {
            int end = text.indexOf(":\n", instance);
            return new Field(
                    null,
                    StoredText.bounded(
                            withoutDigits(text.substring(instance + INSTANCE.length(), end < 0 ? text.length() : end)),
                            200));
        }
        String path = text.startsWith("{'") ? refusedMembers(text) : jsonPath(text);
        return path == null ? null : new Field(null, path);
    }

    /** Marshmallow and Django: {@code {'iban': ['Missing data for required field.']}}; null where it is another text. */
    private static @Nullable String refusedMembers(String text) {
        var names = new ArrayList<String>();
        int end = text.indexOf("': [");
        while (end > 0 && names.size() < 20) {
            names.add(text.substring(text.lastIndexOf('\'', end - 1) + 1, end));
            end = text.indexOf("': [", end + 1);
        }
        return names.isEmpty() ? null : join(names);
    }

    /** Jackson: {@code com.acme.Order["lines"]->java.util.ArrayList[0]->com.acme.Line["amount"]}. */
    private static Field referenceChain(String chain) {
        int bracket = chain.indexOf('[');
        String type = bracket < 0 ? "" : chain.substring(0, bracket);
        boolean own = type.indexOf('.') > 0 && Thrown.isTypeName(type, type.length()) && !OwnCode.isJavaLibrary(type);
        return new Field(own ? type : null, join(quotedIn(chain)));
    }

    /** Zod's {@code "code": "invalid_type"} of the same issue. */
    private static String code(String text) {
        int at = text.indexOf("\"code\"");
        var names = at < 0 ? List.<String>of() : quotedIn(text.substring(at + 6, Math.min(text.length(), at + 80)));
        return names.isEmpty() ? "" : " " + names.get(0);
    }

    private static List<String> quotedIn(String text) {
        var names = new ArrayList<String>();
        int open = text.indexOf('"');
        while (open >= 0 && names.size() < 20) {
            int close = text.indexOf('"', open + 1);
            if (close < 0) {
                break;
            }
            names.add(text.substring(open + 1, close));
            open = text.indexOf('"', close + 1);
        }
        return names;
    }

    private static String join(List<String> names) {
        return StoredText.bounded(String.join(".", names), 200);
    }

    static String withoutDigits(String path) {
        var names = new StringBuilder();
        path.chars().filter(c -> c < '0' || c > '9').forEach(c -> names.append((char) c));
        return names.toString();
    }

    /** {@code Path: $.lines[0].amount | LineNumber: 0}, {@code path $.lines[0].amount}, {@code Path 'lines[0].amount'}. */
    private static @Nullable String jsonPath(String text) {
        int quoted = text.indexOf(NEWTONSOFT);
        if (quoted >= 0) {
            int start = quoted + NEWTONSOFT.length();
            int close = text.indexOf('\'', start);
            String path = close < 0 ? "" : text.substring(start, Math.min(close, start + 200));
            return path.isEmpty() ? null : withoutDigits(path);
        }
        int dollar = text.indexOf(" $");
        String before = dollar < 0
                ? ""
                : text.substring(Math.max(0, dollar - 6), dollar).toLowerCase(Locale.ROOT);
        if (!before.contains("path") || text.contains(NAMED_FIELD)) {
            return null;
        }
        var path = new StringBuilder();
        for (int i = dollar + 1; i < text.length() && path.length() < 200; i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || c == '|' || c == ',' || c == ';') {
                break;
            }
            if (!Character.isDigit(c)) {
                path.append(c);
            }
        }
        return path.length() > 1 ? path.toString() : null;
    }
}
