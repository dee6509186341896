package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the stored forms of a letter: unsigned LEB128 numbers, and byte strings of which the absent one is
 * not the empty one. Numbers are small enough for an int, because a Kafka record is.
 */
final class Bytes {

    private static final int MORE = 0x80;

    private final Buffer buffer;
    private int at;

    Bytes(Buffer buffer) {
        this.buffer = buffer;
    }

    static void number(Buffer to, int number) {
        int rest = number;
        while (rest >= MORE) {
            to.appendByte((byte) (rest & 0x7f | MORE));
            rest >>>= 7;
        }
        to.appendByte((byte) rest);
    }

    static void bytes(Buffer to, byte[] bytes) {
        number(to, bytes.length);
        to.appendBytes(bytes);
    }

    /** Length plus one, so that 0 is left for null. */
    static void nullable(Buffer to, @Nullable Buffer bytes) {
        if (bytes == null) {
            number(to, 0);
        } else {
            number(to, bytes.length() + 1);
            to.appendBuffer(bytes);
        }
    }

    /** @throws IllegalStateException if the bytes end early: somebody changed the row by hand */
    int number() {
        int number = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = buffer.getByte(take(1));
            number |= (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalStateException("A number in a stored letter has no end");
    }

    Buffer bytes(int length) {
        int from = take(length);
        return buffer.getBuffer(from, from + length);
    }

    @Nullable
    Buffer nullable() {
        int lengthPlusOne = number();
        return lengthPlusOne == 0 ? null : bytes(lengthPlusOne - 1);
    }

    Buffer rest() {
        return bytes(buffer.length() - at);
    }

    private int take(int length) {
        if (length < 0 || length > buffer.length() - at) {
            throw new IllegalStateException("The stored bytes of a letter end early");
        }
        int from = at;
        at += length;
        return from;
    }
}
