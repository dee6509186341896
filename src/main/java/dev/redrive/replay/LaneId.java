package dev.redrive.replay;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Which lane.
 *
 * @param install of the database, so that two installations never fence each other
 * @param clusterId key of {@code cluster}
 * @param kafkaId Kafka's own id of that cluster
 * @param lane from 0; also the partition of the lane's receipts
 */
record LaneId(UUID install, short clusterId, String kafkaId, int lane) {

    String transactionalId() {
        return prefix(install, kafkaId) + lane;
    }

    /** What the transactional ids of all lanes of a cluster begin with. */
    static String prefix(UUID install, String kafkaId) {
        return "redrive." + install + "." + kafkaId + ".";
    }

    /** One key of one topic is always on one lane, which keeps its order; records without a key spread by replay. */
    static int laneOf(String kafkaId, String topic, @Nullable Buffer key, UUID replayId, int lanes) {
        var what = key == null ? Buffer.buffer(replayId.toString()) : key;
        var bytes = Buffer.buffer((kafkaId + '\0' + topic + '\0').getBytes(StandardCharsets.UTF_8))
                .appendBuffer(what);
        return Utils.toPositive(Utils.murmur2(bytes.getBytes())) % lanes;
    }

    @Override
    public String toString() {
        return "lane " + lane + " of cluster " + kafkaId;
    }
}
