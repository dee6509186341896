package dev.redrive.replay;

import dev.redrive.Sha256;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the newest committed records of a topic, by partition.
 *
 * @param each so many newest records of a partition at most
 */
record NewestKeys(Map<Integer, Tail> tails, int each) {
    NewestKeys {
        tails = Map.copyOf(tails);
    }

    /**
     * @param latest offsets by {@link #of} the key: keys may be long, and many
     * @param whole whether all of them were read in time
     */
    record Tail(Map<Buffer, Long> latest, boolean whole) {}

    static Buffer of(byte[] key) {
        return Buffer.buffer(Sha256.of(key));
    }

    /**
     * Whether one of them has the key.
     *
     * @param from older ones do not count
     * @return null where it was not met among those that could be read in time
     */
    @Nullable
    Boolean holds(int partition, Buffer key, long from) {
        var tail = tails.get(partition);
        if (tail == null) {
            return null;
        }
        var latest = tail.latest().get(of(key.getBytes()));
        if (latest != null && latest >= from) {
            return true;
        }
        return tail.whole() ? false : null;
    }
}
