package dev.redrive.cluster;

import io.vertx.core.Future;

/** What replays of this installation need besides the right to write to their targets. Safe from any thread. */
@FunctionalInterface
public interface ReplayNeeds {

    /**
     * @param prefix what every transactional id begins with; the number of a lane from 0 follows
     * @param lanes how many there are
     * @param receipts topic that proves what was sent
     * @param withoutTransactions whether lanes send without transactions at this cluster
     */
    record Needs(String prefix, int lanes, String receipts, boolean withoutTransactions) {}

    /** @param kafkaId Kafka's own id of the cluster */
    Future<Needs> of(String kafkaId);
}
