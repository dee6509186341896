package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An edit as it comes over HTTP, laid over what it edits. A part that is left out stays; a part that is null is null in
 * Kafka. Bytes are taken as typed.
 */
final class DraftEdit {

    private DraftEdit() {}

    /**
     * @param base what a replay would send without the edit; null where the letter holds nothing
     * @throws RefusedException with 422 where a value that was JSON would not be JSON any more, unless the edit says that
     *     this is meant; and where there is no value at all, because a tombstone has to be asked for
     */
    static Content content(JsonObject edit, @Nullable Content base) {
        boolean asTyped = edit.getString("mode", "checked").equals("as-typed");
        if (base == null && !edit.containsKey("value")) {
            throw refused(
                    "/value", "The letter holds no value to leave as it is; give one, or fetch the origin record");
        }
        var from = base == null ? new Content(null, null, List.of()) : base;
        var key = edit.containsKey("key") ? bytes(edit.getJsonObject("key"), "/key") : from.key();
        var value = edit.containsKey("value") ? bytes(edit.getJsonObject("value"), "/value") : from.value();
        boolean edited = !Objects.equals(value, from.value());
        if (!asTyped && edited && JsonLeaves.isJson(from.value()) && !JsonLeaves.isJson(value)) {
            throw refused(
                    "/value",
                    "The value was JSON and is not any more; send it with \"mode\":\"as-typed\" if that is meant");
        }
        if (!asTyped && base == null && value == null) {
            throw refused("/value", "A tombstone has to be meant: send it with \"mode\":\"as-typed\"");
        }
        return new Content(key, value, edit.containsKey("headers") ? headers(edit) : from.headers());
    }

    private static List<Header> headers(JsonObject edit) {
        var headers = new ArrayList<Header>();
        for (var element : edit.getJsonArray("headers")) {
            var header = (JsonObject) element;
            headers.add(new Header(
                    header.getString("name"),
                    bytes(header.getJsonObject("value"), "/headers/" + headers.size() + "/value")));
        }
        return headers;
    }

    private static @Nullable Buffer bytes(@Nullable JsonObject part, String pointer) {
        if (part == null) {
            return null;
        }
        var data = part.getString("data");
        if (part.getString("encoding").equals("utf8")) {
            return Buffer.buffer(data);
        }
        try {
            return Buffer.buffer(Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException noBase64) {
            throw refused(pointer + "/data", "This is no base64");
        }
    }

    private static RefusedException refused(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.UNPROCESSABLE, pointer, detail);
    }
}
