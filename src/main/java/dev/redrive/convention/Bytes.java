package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A cheap look into a value, before anything is parsed. */
final class Bytes {
    private Bytes() {}

    /** Whether the ASCII word stands anywhere in the value of a JSON object. */
    static boolean contains(@Nullable Buffer value, String word) {
        if (value == null || !startsWithBrace(value)) {
            return false;
        }
        byte[] bytes = value.getBytes();
        byte[] wanted = word.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            int matched = 0;
            while (matched < wanted.length && bytes[at + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWithBrace(Buffer value) {
        for (int at = 0; at < Math.min(value.length(), 64); at++) {
            byte one = value.getByte(at);
            if (one != ' ' && one != '\n' && one != '\r' && one != '\t') {
                return one == '{';
            }
        }
        return false;
    }
}
