package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bytes as the API shows them: as text where they are UTF-8, else as base64, and cut where they are many. */
public final class BytesJson {

    /** More than this is cut; the payload endpoint gives all of it. */
    public static final int MOST_SHOWN = 64 * 1024;

    /** No UTF-8 character is longer. */
    private static final int LONGEST_CHARACTER = 4;

    private BytesJson() {}

    /** @return null for null, which is not the same as empty */
    public static @Nullable JsonObject shown(@Nullable Buffer bytes) {
        return bytes == null ? null : shown(bytes, bytes.length());
    }

    /**
     * @param start the bytes, or their beginning if they are longer than {@link #MOST_SHOWN}
     * @param size how many there are in truth
     */
    static JsonObject shown(Buffer start, long size) {
        if (size <= MOST_SHOWN && start.length() == size) {
            return whole(start);
        }
        var cut = start.getBuffer(0, Math.min(start.length(), MOST_SHOWN));
        return encode(cut, true).put("size", size).put("truncated", true);
    }

    /** Everything, however much it is. */
    public static JsonObject whole(Buffer bytes) {
        return encode(bytes, false).put("size", bytes.length());
    }

    /** A glance at them: {@code most} bytes, cut between two characters. */
    public static JsonObject start(Buffer bytes, int most) {
        return bytes.length() <= most
                ? whole(bytes)
                : encode(bytes.getBuffer(0, most), true)
                        .put("size", bytes.length())
                        .put("truncated", true);
    }

    private static JsonObject encode(Buffer bytes, boolean cut) {
        var array = bytes.getBytes();
        // A character may be cut in two; then the text ends before it.
        int shortest = cut ? Math.max(0, array.length - LONGEST_CHARACTER + 1) : array.length;
        for (int length = array.length; length >= shortest; length--) {
            var text = utf8(array, length);
            if (text != null) {
                return new JsonObject().put("encoding", "utf8").put("data", text);
            }
        }
        return new JsonObject()
                .put("encoding", "base64")
                .put("data", Base64.getEncoder().encodeToString(array));
    }

    private static @Nullable String utf8(byte[] bytes, int length) {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length));
            return text.toString();
        } catch (CharacterCodingException noText) {
            return null;
        }
    }
}
