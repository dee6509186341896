package dev.redrive.replay;

import org.jspecify.annotations.Nullable;

/**
 * Where somebody wants a letter to go.
 *
 * @param topic null for the origin's topic
 * @param partition only with {@link Partitioning#FIXED}; 0 or more
 * @param originalTimestamp whether the record keeps the time of its origin; otherwise it is sent as of now
 */
record Target(
        @Nullable String topic,
        Partitioning partitioning,
        @Nullable Integer partition,
        boolean originalTimestamp) {

    static final Target ORIGIN = new Target(null, Partitioning.KEY, null, false);

    /** @throws IllegalArgumentException if a partition is named without saying that it is fixed, or the reverse */
    Target {
        if ((partitioning == Partitioning.FIXED) != (partition != null)) {
            throw new IllegalArgumentException("A partition is named exactly when the partitioning is 'fixed'");
        }
    }

    /** The word of the database and the contract. */
    String timestampPolicy() {
        return originalTimestamp ? "original" : "now";
    }
}
