package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding forward. The first thing that does not fit makes every later answer null and
 * {@link #readExactlyAll()} false, so that a caller checks once, at the end.
 */
final class AvroCursor {
    private final Buffer source;
    private int at;
    private boolean sound = true;

    AvroCursor(Buffer source, int at) {
        this.source = source;
        this.at = at;
    }

    /** Of the union {@code ["null", "string"]}. */
    @Nullable
    String optionalText() {
        return present() ? text() : null;
    }

    /** Of the union {@code ["null", "long"]} or {@code ["null", "int"]}. */
    @Nullable
    Long optionalLong() {
        return present() ? (Long) number() : null;
    }

    @Nullable
    String text() {
        long length = number();
        if (!sound || length < 0 || length > source.length() - at) {
            sound = false;
            return null;
        }
        int start = at;
        at += (int) length;
        return Text.of(source.getBuffer(start, at));
    }

    boolean isAtEnd() {
        return at == source.length();
    }

    boolean readExactlyAll() {
        return sound && at == source.length();
    }

    private boolean present() {
        long branch = number();
        sound &= branch == 0 || branch == 1;
        return sound && branch == 1;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; sound && shift < Long.SIZE && at < source.length(); shift += 7) {
            byte one = source.getByte(at++);
            value |= (long) (one & 0x7F) << shift;
            if (one >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        sound = false;
        return 0;
    }
}
