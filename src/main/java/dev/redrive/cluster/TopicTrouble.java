package dev.redrive.cluster;

import dev.redrive.cluster.TopicNotice.Kind;
import io.vertx.core.json.JsonObject;
import org.apache.kafka.common.TopicPartition;

/**
 * What is wrong with a dead-letter topic now.
 *
 * @param partition -1 where it is about the whole topic
 * @param details names, counts, offsets and times; never a payload
 */
record TopicTrouble(Kind kind, String topic, int partition, JsonObject details) {

    static final int WHOLE = -1;

    record Subject(String topic, int partition) {

        /** Where it is about one partition. */
        TopicPartition place() {
            return new TopicPartition(topic, partition);
        }
    }

    Subject subject() {
        return new Subject(topic, partition);
    }
}
