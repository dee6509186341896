package dev.redrive.replay;

import dev.redrive.Failpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends one record at a time with an idempotent producer, for clusters without transactions. Nothing fences an earlier
 * owner here, so a lane waits before it searches; see {@link FallbackRecovery}.
 */
final class FallbackSender implements Sender {

    private static final long SEND_SECONDS = 30;

    private final Vertx vertx;
    private final KafkaWriteStream<byte[], byte[]> stream;

    FallbackSender(Vertx vertx, KafkaProducer<byte[], byte[]> producer) {
        this.vertx = vertx;
        // Each send's own future tells; without a handler the stream would log it as unhandled, too.
        this.stream = producer.asStream().exceptionHandler(told -> {});
    }

    /** @param batch of one: all or nothing cannot be had for more */
    @Override
    public Future<List<Sent>> send(List<Outgoing> batch) {
        if (batch.size() != 1) {
            throw new IllegalArgumentException(
                    "Without transactions one record is sent at a time, not " + batch.size());
        }
        var outgoing = batch.get(0);
        Failpoint.pass("replay.begun");
        return stream.send(outgoing.record())
                .timeout(SEND_SECONDS, TimeUnit.SECONDS)
                .map(sent -> {
                    Failpoint.pass("replay.target-sent");
                    return List.of(new Sent(outgoing, sent.partition(), sent.offset(), -1));
                })
                .recover(failure -> Future.failedFuture(
                        Refusals.isFinal(failure)
                                ? new AbortedException(failure, List.of())
                                : new DoubtException(failure)));
    }

    @Override
    public Future<Void> close() {
        return Sender.giveUp(vertx, stream.unwrap());
    }
}
