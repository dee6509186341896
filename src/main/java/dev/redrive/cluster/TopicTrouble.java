package dev.redrive.cluster;

import io.vertx.core.json.JsonObject;

/**
 * What is wrong with a dead-letter topic now.
 *
 * @param partition -1 where it is about the whole topic
 * @param details names, counts, offsets and times; never a payload
 */
record TopicTrouble(Kind kind, String topic, int partition, JsonObject details) {

    static final int WHOLE = -1;

    /** The words of the CHECK constraint of {@code topic_episode}. */
    enum Kind {
        /** Letters that are not stored yet will be deleted by Kafka before long. */
        EXPIRY("expiry"),
        /** A transaction that does not end holds letters back. */
        TRANSACTION("transaction"),
        /** A check of its readiness fails that did not fail before. */
        UNREADY("unready");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    record Subject(String topic, int partition) {}

    Subject subject() {
        return new Subject(topic, partition);
    }
}
