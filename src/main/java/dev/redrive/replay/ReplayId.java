package dev.redrive.replay;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids of replays: UUIDs of version 7 (RFC 9562 §5.7). They begin with the time, so that the replays of a job lie beside
 * each other in every index that holds their ids; random ones would have each batch touch as many pages as it has rows.
 */
final class ReplayId {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private ReplayId() {}

    /** @return a new one, with 74 random bits; from any thread */
    static UUID next() {
        return of(System.currentTimeMillis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    static UUID of(long millis, long first, long second) {
        return new UUID(millis << 16 | VERSION | first & 0xfff, VARIANT | second >>> 2);
    }
}
