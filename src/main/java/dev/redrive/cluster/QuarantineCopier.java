package dev.redrive.cluster;

import dev.redrive.cluster.QuarantineStore.Stored;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;

/**
 * Copies a record once, however often it is tried and by how many processes. The transactional id is that of the
 * quarantine: to open it ends what anybody else has under way with it, so that what is then not found in the topic will
 * never be there. Needs {@code WRITE} on the transactional ids that begin with {@code redrive.}. Fails with a problem.
 */
final class QuarantineCopier {

    private static final long SECONDS = 30;
    private static final int LEAST_REQUEST = 1 << 20;

    private final Vertx vertx;
    private final KafkaClients clients;
    private final QuarantineSearch search;

    QuarantineCopier(Vertx vertx, KafkaClients clients) {
        this.vertx = vertx;
        this.clients = clients;
        this.search = new QuarantineSearch(clients);
    }

    /** @return the offset of the copy, also where an earlier try made it */
    Future<Long> copy(Stored stored, Quarantine.Ask ask, ConsumerRecord<byte[], byte[]> record) {
        var added = QuarantineHeaders.added(stored.id(), ask, record);
        var copy = QuarantineHeaders.copy(record, stored.topic(), stored.partition(), added);
        int most = Math.max(LEAST_REQUEST, QuarantineHeaders.sizeOf(copy) * 2);
        return fenced(stored, most, producer -> {
            // The future of the send tells; without a handler the stream would log it as unhandled, too.
            var stream = producer.asStream().exceptionHandler(told -> {});
            return found(stored)
                    .compose(found -> found.isPresent()
                            ? Future.succeededFuture(found.getAsLong())
                            : producer.beginTransaction()
                                    .compose(begun -> stream.send(copy))
                                    .compose(
                                            sent -> producer.commitTransaction().map(committed -> sent.offset())));
        });
    }

    /** @return the offset of the copy that an earlier try made; empty where there is none and will be none of it */
    Future<OptionalLong> find(Stored stored) {
        return fenced(stored, LEAST_REQUEST, producer -> found(stored));
    }

    private Future<OptionalLong> found(Stored stored) {
        return vertx.executeBlocking(() -> search.find(stored), false);
    }

    private <T> Future<T> fenced(
            Stored stored, int mostBytes, Function<KafkaProducer<byte[], byte[]>, Future<T>> work) {
        return vertx.<KafkaProducer<byte[], byte[]>>executeBlocking(
                        () -> clients.laneProducer(vertx, "redrive.quarantine." + stored.id(), mostBytes), false)
                .compose(producer -> producer.initTransactions()
                        .compose(fenced -> work.apply(producer))
                        .timeout(SECONDS, TimeUnit.SECONDS)
                        .eventually(() -> producer.close(1_000)))
                .recover(QuarantineCopier::refused);
    }

    private static <T> Future<T> refused(Throwable failure) {
        if (failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof InvalidTxnStateException) {
            return Future.failedFuture(new RefusedException(
                    ProblemCode.CONFLICT_STATE,
                    "Somebody else takes this record out of the way just now. Ask again to see what came of it."));
        }
        if (failure instanceof ApiException && !later(failure)) {
            return Future.failedFuture(
                    new RefusedException(ProblemCode.UNPROCESSABLE, "Kafka refuses the copy: " + failure.getMessage()));
        }
        return failure instanceof KafkaException && !(failure instanceof RetriableException)
                ? Future.failedFuture(new RefusedException(
                        ProblemCode.KAFKA_UNAVAILABLE,
                        "Kafka did not say what became of the copy. Ask again: one that was made is not made again."))
                : TopicClusters.orUnavailable(failure);
    }

    /** A broker that answers with an error of its own, as it may to whoever is fenced just then, refuses nothing. */
    private static boolean later(Throwable failure) {
        return failure instanceof RetriableException || failure instanceof UnknownServerException;
    }
}
