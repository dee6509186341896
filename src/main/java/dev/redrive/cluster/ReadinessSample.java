package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.DUPLICATES;
import static dev.redrive.cluster.ReadinessAspect.HOT_KEY;
import static dev.redrive.cluster.ReadinessAspect.NULL_KEYS;

/**
 * What the newest records of a topic have in common. Holds counts and places, no bytes.
 *
 * @param records that were looked at
 * @param nullKeys of them without a key
 * @param keys distinct ones
 * @param hottest records of the most frequent key
 * @param hottestPlace where one of them lies, as {@code partition:offset}
 * @param repeated records whose key and value were seen at another offset before
 * @param repeatedPlaces where two of them lie
 * @param largest bytes of key, value and headers of the largest one
 */
record ReadinessSample(
        int records,
        int nullKeys,
        int keys,
        int hottest,
        String hottestPlace,
        int repeated,
        String repeatedPlaces,
        long largest) {

    /** From so many on the part of a key in the sample is taken for its part of all. */
    private static final int FEWEST = 100;

    /** From so many on a key can be called hot, where chance alone does not explain it. */
    private static final int FEWEST_FOR_A_PROOF = 20;

    /** One-sided, 99.5 %. */
    private static final double SURE = 2.576;

    private static final double MOST_NULL = 0.1;
    private static final double HOT = 0.25;
    private static final double ALWAYS_HOT = 0.6;
    /** A few keys may each have a good part by right; more than three times its part is too much. */
    private static final double TIMES_ITS_PART = 3;

    private static final double MOST_REPEATED = 0.01;

    ReadinessCheck nullKeys(String topic) {
        if (records == 0) {
            return NULL_KEYS.unknown(topic, "There are no records.");
        }
        var measured = percent(nullKeys, records) + " of the newest " + records + " records have no key.";
        return nullKeys > records * MOST_NULL
                ? NULL_KEYS.warn(topic, measured + " Let the producer set one.", null)
                : NULL_KEYS.ok(topic, measured);
    }

    ReadinessCheck hotKey(String topic) {
        int keyed = records - nullKeys;
        double most = Math.max(HOT, Math.min(ALWAYS_HOT, TIMES_ITS_PART / keys));
        boolean proven = keyed >= FEWEST_FOR_A_PROOF && least(hottest, keyed) > most;
        if (keyed < FEWEST && !proven) {
            return HOT_KEY.unknown(topic, "There are " + keyed + " records with a key, too few to tell.");
        }
        var measured = "The most frequent of " + keys + " keys has " + percent(hottest, keyed) + " of " + keyed
                + " records, one of them at " + hottestPlace + ".";
        return hottest > keyed * most
                ? HOT_KEY.warn(topic, measured + " Add something to the key that spreads it.", null)
                : HOT_KEY.ok(topic, measured);
    }

    /** The lower bound of Wilson's interval for a part of all that was seen as {@code part} of {@code whole}. */
    private static double least(int part, int whole) {
        double seen = (double) part / whole;
        double square = SURE * SURE / whole;
        double spread = SURE * Math.sqrt(seen * (1 - seen) / whole + square / (4 * whole));
        return (seen + square / 2 - spread) / (1 + square);
    }

    ReadinessCheck duplicates(String topic) {
        if (records == 0) {
            return DUPLICATES.unknown(topic, "There are no records.");
        }
        if (repeated <= records * MOST_REPEATED) {
            return DUPLICATES.ok(topic, repeated + " of the newest " + records + " records are repeated.");
        }
        return DUPLICATES.warn(
                topic,
                repeated + " of the newest " + records + " records repeat key and value of another, such as those at "
                        + repeatedPlaces + ". Set enable.idempotence=true at the producer.",
                null);
    }

    private static String percent(int part, int whole) {
        return Math.round(100.0 * part / whole) + " %";
    }
}
