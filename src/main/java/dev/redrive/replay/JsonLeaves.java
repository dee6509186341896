package dev.redrive.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of a JSON text by JSON pointer (RFC 6901), each as it is written: numbers keep their digits, so that a long
 * beyond 2^53 or a trailing zero is never lost. Reads tokens and builds no tree; deep nesting is refused by the parser.
 */
final class JsonLeaves {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int MOST = 100_000;

    private JsonLeaves() {}

    /** @return null where the bytes are no JSON, have more than 100,000 leaves, or repeat a name in an object */
    static @Nullable Map<String, String> of(@Nullable Buffer bytes) {
        if (bytes == null) {
            return null;
        }
        try (var parser = FACTORY.createParser(bytes.getBytes())) {
            var leaves = new LinkedHashMap<String, String>();
            return read(parser, leaves) ? leaves : null;
        } catch (IOException noJson) {
            return null;
        }
    }

    /** Whether it is one JSON text and nothing else, however large. */
    static boolean isJson(@Nullable Buffer bytes) {
        if (bytes == null) {
            return false;
        }
        try (var parser = FACTORY.createParser(bytes.getBytes())) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException noJson) {
            return false;
        }
    }

    /** Where in the text the parser is: the name or index below the enclosing value. */
    private static final class Level {
        private final String pointer;
        private final boolean array;
        private int children;
        private String name = "";

        Level(String pointer, boolean array) {
            this.pointer = pointer;
            this.array = array;
        }

        String child() {
            var step =
                    array ? Integer.toString(children) : name.replace("~", "~0").replace("/", "~1");
            children++;
            return pointer + "/" + step;
        }
    }

    private static boolean read(JsonParser parser, Map<String, String> leaves) throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        boolean any = false;
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (levels.isEmpty() && any) {
                return false;
            }
            any = true;
            if (token == JsonToken.FIELD_NAME) {
                levels.element().name = parser.currentName();
            } else if (token.isStructStart()) {
                levels.push(new Level(pointer(levels), token == JsonToken.START_ARRAY));
            } else if (token.isStructEnd()) {
                var ended = levels.pop();
                if (ended.children == 0 && leaves.put(ended.pointer, ended.array ? "[]" : "{}") != null) {
                    return false;
                }
            } else if (leaves.put(pointer(levels), text(parser, token)) != null || leaves.size() > MOST) {
                return false;
            }
        }
        return any && levels.isEmpty();
    }

    private static String pointer(Deque<Level> levels) {
        return levels.isEmpty() ? "" : levels.element().child();
    }

    private static String text(JsonParser parser, JsonToken token) throws IOException {
        var text = parser.getText();
        if (token != JsonToken.VALUE_STRING) {
            return text;
        }
        var quoted = new JsonArray().add(text).encode();
        return quoted.substring(1, quoted.length() - 1);
    }
}
