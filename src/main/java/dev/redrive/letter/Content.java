package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record that a replay can send: key, value and headers in their order, duplicates kept.
 *
 * @param key {@code null} is a record without a key, which is not an empty one
 * @param value {@code null} is a tombstone, which is not an empty value
 */
public record Content(@Nullable Buffer key, @Nullable Buffer value, List<Header> headers) {
    public Content {
        headers = List.copyOf(headers);
    }
}
