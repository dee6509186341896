package dev.redrive.letter;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One header of a Kafka record. Names may repeat, may be empty and may hold any character.
 *
 * @param name as the Java client decodes it (UTF-8); Kafka does not allow a null name
 * @param value raw bytes; {@code null} is legal in Kafka and is not the same as empty
 */
public record Header(String name, @Nullable Buffer value) {

    /** Of every record that a replay sent, so that a letter that comes back is known again: a UUID as text. */
    public static final String REPLAY_ID = "redrive-replay-id";

    public Header {
        requireNonNull(name, "name");
    }
}
