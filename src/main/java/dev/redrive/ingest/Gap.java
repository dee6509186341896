package dev.redrive.ingest;

import java.util.Locale;

/**
 * Offsets that Kafka no longer had, or had under another name, when we came to read them.
 *
 * @param id of the row
 * @param from first offset we did not get
 * @param to the offset we went on with, exclusive end of the gap; equal to {@code from} where nothing can be counted
 */
public record Gap(long id, String cluster, String topic, int partition, long from, long to, Cause cause) {

    /** The CHECK constraint of {@code ingest_gap} lists the same words. */
    public enum Cause {
        /** The broker deleted the records before we read them. */
        RETENTION,
        /** The log ended before our position, or went another way from there: a leader lost its tail. */
        TRUNCATION,
        /** The topic was deleted and made again under its name. */
        RECREATION,
        /** Somebody asked us to skip them. */
        OPERATOR;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
