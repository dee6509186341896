package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers that one failure wrote, decoded on demand. Every method answers null for what is missing, null, of the
 * wrong width or out of range, and throws for nothing.
 */
record Block(Map<String, @Nullable Buffer> values) {

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** This block with one more header. */
    Block and(String name, @Nullable Buffer value) {
        var more = new HashMap<String, @Nullable Buffer>(values);
        more.put(name, value);
        return new Block(more);
    }

    @Nullable
    String text(String name) {
        return Text.of(values.get(name));
    }

    /** Text that is there and not empty. */
    @Nullable
    String word(String name) {
        String text = text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /** The name of a topic, if it is a legal one. */
    @Nullable
    String topic(String name) {
        return Text.topic(text(name));
    }

    /** Decimal digits, 0 or more. */
    @Nullable
    Long decimal(String name) {
        return Text.decimal(text(name));
    }

    @Nullable
    Integer decimalInt(String name) {
        return narrow(decimal(name));
    }

    /** Numbers that frameworks write as 4 or 8 bytes, big endian, and re-implementations as decimal text. */
    Binary binary(String partition, String offset, String timestamp) {
        return binary(partition, offset, timestamp, isTextual(partition, offset, timestamp));
    }

    /** @param textual whether an integer of the same writer is text, here or elsewhere on the record */
    Binary binary(String partition, String offset, String timestamp, boolean textual) {
        return new Binary(
                textual ? decimalInt(partition) : i32(partition),
                textual ? decimal(offset) : i64(offset),
                textual ? decimal(timestamp) : i64(timestamp));
    }

    /** Whether one of these numbers is written as text, and so all of them. */
    boolean isTextual(String partition, String offset, String timestamp) {
        return isText(partition, Integer.BYTES) || isText(offset, Long.BYTES) || isText(timestamp, Long.BYTES);
    }

    /** Coordinates of a binary family; null where unknown, negative or malformed. */
    record Binary(
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable Long timestamp) {}

    /** Digits in a field whose width is not that of a number: then its siblings are digits too. */
    boolean isText(String name, int width) {
        Buffer value = values.get(name);
        return value != null && value.length() != width && Text.isDecimal(Text.of(value));
    }

    /** Digits in a field of up to 8 bytes that is longer. */
    boolean isLongText(String name) {
        Buffer value = values.get(name);
        return value != null && value.length() > Long.BYTES && Text.isDecimal(Text.of(value));
    }

    /** @param textual whether an integer of the same writer is text */
    @Nullable
    Integer i32(String name, boolean textual) {
        return textual ? decimalInt(name) : i32(name);
    }

    /** Exactly 4 bytes, or else decimal text. */
    @Nullable
    Integer i32(String name) {
        Buffer value = values.get(name);
        if (value == null || value.length() != Integer.BYTES) {
            return decimalInt(name);
        }
        int number = value.getInt(0);
        return number < 0 ? null : (Integer) number;
    }

    /** Exactly 8 bytes, or else decimal text. */
    @Nullable
    Long i64(String name) {
        Buffer value = values.get(name);
        if (value == null || value.length() != Long.BYTES) {
            return decimal(name);
        }
        long number = value.getLong(0);
        return number < 0 ? null : (Long) number;
    }

    /** 1 to 8 bytes of {@link BigInteger#toByteArray}, as Spring's retry topics write times; else decimal text. */
    @Nullable
    Long bigInteger(String name) {
        Buffer value = values.get(name);
        if (value == null || value.length() == 0 || value.length() > Long.BYTES) {
            return decimal(name);
        }
        long number = new BigInteger(value.getBytes()).longValue();
        return number < 0 ? null : (Long) number;
    }

    /**
     * 1 byte unsigned (Spring Kafka 2.7) or 4 bytes, else decimal text.
     *
     * @param textual whether other integers of the record are text, so that one digit is no byte either
     */
    @Nullable
    Integer byteOrInt(String name, boolean textual) {
        Buffer value = values.get(name);
        if (value == null || textual) {
            return decimalInt(name);
        }
        return value.length() == 1 ? (Integer) (int) value.getUnsignedByte(0) : i32(name);
    }

    /** Deliveries made, 1 or more, in decimal. */
    @Nullable
    Integer attempts(String name) {
        Integer number = decimalInt(name);
        return number == null || number < 1 ? null : number;
    }

    static @Nullable Integer narrow(@Nullable Long number) {
        return number == null || number < 0 || number > Integer.MAX_VALUE ? null : (Integer) number.intValue();
    }
}
