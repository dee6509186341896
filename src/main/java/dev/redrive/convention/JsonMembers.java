package dev.redrive.convention;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes members out of a JSON object and leaves the bytes of the others as they are. */
final class JsonMembers {
    private final JsonParser parser;
    private final Buffer source;
    private final Buffer result = Buffer.buffer("{");

    private JsonMembers(JsonParser parser, Buffer source) {
        this.parser = parser;
        this.source = source;
    }

    /** The object without the named members of its outermost level; null where the bytes are no object. */
    static @Nullable Buffer without(Buffer source, Set<String> names) {
        try (JsonParser parser = BoundedJson.FACTORY.createParser(source.getBytes())) {
            return parser.nextToken() == JsonToken.START_OBJECT ? new JsonMembers(parser, source).cut(names) : null;
        } catch (IOException | RuntimeException noObject) {
            return null;
        }
    }

    private Buffer cut(Set<String> names) throws IOException {
        JsonToken token = parser.nextToken();
        while (token == JsonToken.FIELD_NAME) {
            boolean kept = !names.contains(parser.currentName());
            int start = position();
            parser.nextToken();
            parser.skipChildren();
            token = parser.nextToken();
            if (kept) {
                append(start, position());
            }
        }
        return result.appendString("}");
    }

    private int position() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private void append(int start, int end) {
        int last = end;
        while (last > start && isBetweenMembers(source.getByte(last - 1))) {
            last--;
        }
        if (result.length() > 1) {
            result.appendString(",");
        }
        result.appendBuffer(source, start, last - start);
    }

    private static boolean isBetweenMembers(byte one) {
        return one == ',' || one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }
}
