package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;

/**
 * Puts records into Kafka for one lane. An interface, because there are two ways to do so, and KIP-939 (two-phase
 * commit with a database) will be a third.
 */
interface Sender {

    /**
     * Sends all or nothing.
     *
     * @return what was sent, in order; fails with {@link AbortedException} or {@link DoubtException}
     */
    Future<List<Sent>> send(List<Outgoing> batch);

    /** Gives up whatever is in hand, in a second at most; safe to call twice. Never fails. */
    Future<Void> close();

    /**
     * Off the lane's own queue of blocking calls and not waited for: {@link
     * org.apache.kafka.clients.producer.KafkaProducer#close(Duration)} joins the producer's thread whatever its timeout
     * says, and that thread may wait a minute for a network that swallows everything.
     */
    static Future<Void> giveUp(Vertx vertx, Producer<byte[], byte[]> producer) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            producer.close(Duration.ofMillis(1));
                            return null;
                        },
                        false)
                .timeout(1, TimeUnit.SECONDS)
                .transform(closed -> Future.succeededFuture());
    }

    /** @param receiptOffset of the receipt in the lane's partition; -1 where the mode knows no receipts */
    record Sent(Outgoing outgoing, int partition, long offset, long receiptOffset) {}

    /** A record that lies in the target and was aborted: readers of uncommitted data may meet it. */
    record Copy(UUID replayId, int partition, long offset) {}

    /** Kafka refused, and it is certain that nothing of the batch will ever be committed. */
    final class AbortedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<Copy> copies;

        AbortedException(Throwable cause, List<Copy> copies) {
            super(cause.getMessage(), cause);
            this.copies = List.copyOf(copies);
        }

        /** What of the batch was written before it was aborted. */
        List<Copy> copies() {
            return copies;
        }
    }

    /** It is not known what of the batch is in Kafka. Only the receipts, or a search of the target, can tell. */
    final class DoubtException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DoubtException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}
