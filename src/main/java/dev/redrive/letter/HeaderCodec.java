package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers as one {@code bytea}: their order, repeated names, and values that are null or empty. A value that is the
 * letter's stack trace is a reference to it, because the trace is stored apart, once for all letters that share it.
 *
 * <p>Form: version 1, number of headers, then for each the name and a number that says what the value is: 0 null,
 * 1 the stack trace, n + 2 for n bytes that follow.
 */
public final class HeaderCodec {

    private static final int VERSION = 1;
    private static final int NULL = 0;
    private static final int TRACE = 1;
    private static final int LENGTH_FROM = 2;

    private HeaderCodec() {}

    /** @param trace bytes of the stack trace that is stored apart, null where none is */
    public static Buffer encode(List<Header> headers, @Nullable Buffer trace) {
        var encoded = Buffer.buffer(256).appendByte((byte) VERSION);
        Bytes.number(encoded, headers.size());
        for (var header : headers) {
            Bytes.bytes(encoded, header.name().getBytes(StandardCharsets.UTF_8));
            var value = header.value();
            if (value == null) {
                Bytes.number(encoded, NULL);
            } else if (value.equals(trace)) {
                Bytes.number(encoded, TRACE);
            } else {
                Bytes.number(encoded, value.length() + LENGTH_FROM);
                encoded.appendBuffer(value);
            }
        }
        return encoded;
    }

    /**
     * @param trace as given to {@link #encode}
     * @throws IllegalStateException if the bytes are not what {@link #encode} writes, or the trace is missing
     */
    public static List<Header> decode(Buffer encoded, @Nullable Buffer trace) {
        var bytes = new Bytes(encoded);
        int version = bytes.number();
        if (version != VERSION) {
            throw new IllegalStateException("Headers were stored in form " + version + ", which is not known");
        }
        int count = bytes.number();
        var headers = new ArrayList<Header>();
        for (int i = 0; i < count; i++) {
            var name = bytes.bytes(bytes.number()).toString(StandardCharsets.UTF_8);
            headers.add(new Header(name, value(bytes, trace)));
        }
        return headers;
    }

    private static @Nullable Buffer value(Bytes bytes, @Nullable Buffer trace) {
        int what = bytes.number();
        if (what == NULL) {
            return null;
        }
        if (what == TRACE) {
            if (trace == null) {
                throw new IllegalStateException("A header is the letter's stack trace, which is not stored");
            }
            return trace;
        }
        return bytes.bytes(what - LENGTH_FROM);
    }
}
