package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message in protobuf's wire format, read strictly: every byte must belong to a field. Of a repeated field the
 * last counts, as protobuf has it.
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int MAX_FIELDS = 64;

    private final Map<Integer, Long> varints = new HashMap<>();
    private final Map<Integer, Buffer> bytes = new HashMap<>();
    private final Buffer source;
    private int at;

    private Protobuf(Buffer source) {
        this.source = source;
    }

    /** The message, or null where the bytes are none or use a wire type that we never meet. */
    static @Nullable Protobuf read(@Nullable Buffer source) {
        if (source == null) {
            return null;
        }
        var message = new Protobuf(source);
        for (int fields = 0; message.at < source.length(); fields++) {
            if (fields == MAX_FIELDS || !message.field()) {
                return null;
            }
        }
        return message;
    }

    private boolean field() {
        Long tag = varint();
        if (tag == null || tag >>> 3 < 1 || tag >>> 3 > 15) {
            return false;
        }
        int number = (int) (tag >>> 3);
        Long value = varint();
        if (value == null) {
            return false;
        }
        if ((tag & 7) == VARINT) {
            varints.put(number, value);
            return true;
        }
        if ((tag & 7) != BYTES || value < 0 || value > source.length() - at) {
            return false;
        }
        bytes.put(number, source.getBuffer(at, at + value.intValue()));
        at += value.intValue();
        return true;
    }

    private @Nullable Long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && at < source.length(); shift += 7) {
            byte one = source.getByte(at++);
            value |= (long) (one & 0x7F) << shift;
            if (one >= 0) {
                return value;
            }
        }
        return null;
    }

    /** A varint, 0 where it was left out as protobuf 3 does; null where negative. */
    @Nullable
    Long number(int field) {
        long value = varints.getOrDefault(field, 0L);
        return value < 0 ? null : (Long) value;
    }

    @Nullable
    Buffer bytes(int field) {
        return bytes.get(field);
    }

    @Nullable
    String text(int field) {
        return Text.of(bytes.get(field));
    }

    /** The text in a {@code google.protobuf.StringValue}. */
    @Nullable
    String wrappedText(int field) {
        Protobuf wrapper = read(bytes.get(field));
        return wrapper == null ? null : wrapper.bytes(1) == null ? "" : wrapper.text(1);
    }

    /** The number in a {@code google.protobuf.Int32Value} or {@code Int64Value}. */
    @Nullable
    Long wrappedNumber(int field) {
        Protobuf wrapper = read(bytes.get(field));
        return wrapper == null ? null : wrapper.number(1);
    }

    boolean hasOnly(int lastField) {
        return varints.keySet().stream().allMatch(field -> field <= lastField)
                && bytes.keySet().stream().allMatch(field -> field <= lastField);
    }
}
