package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.replay.Sender.AbortedException;
import dev.redrive.replay.Sender.DoubtException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends a batch and its receipts in one Kafka transaction. Records go through the write stream below the Vert.x
 * producer: its own record type fails on a header without a value.
 */
final class TransactionalSender implements Sender {

    private static final long OPEN_SECONDS = 60;

    /** Above what the producer takes by its own settings for sending, committing and aborting. */
    private static final long SEND_SECONDS = 45;

    private final LaneId lane;
    private final long fence;
    private final LaneClock clock;
    private final Vertx vertx;
    private final KafkaWriteStream<byte[], byte[]> stream;

    TransactionalSender(Vertx vertx, LaneId lane, long fence, LaneClock clock, KafkaProducer<byte[], byte[]> producer) {
        this.vertx = vertx;
        this.lane = lane;
        this.fence = fence;
        this.clock = clock;
        // Each send's own future tells; without a handler the stream would log it as unhandled, too.
        this.stream = producer.asStream().exceptionHandler(told -> {});
    }

    /**
     * Fences every earlier producer of this lane, waits for what one of them had begun to commit, and commits a barrier:
     * a receipt that is not before it will never come.
     *
     * @return offset of the barrier
     */
    Future<Long> open() {
        var barrier = new JsonObject()
                .put("version", 1)
                .put("install", lane.install().toString())
                .put("fence", fence)
                .put("barrier", true);
        var record = new ProducerRecord<>(
                Receipts.TOPIC,
                lane.lane(),
                clock.now(),
                "barrier".getBytes(StandardCharsets.UTF_8),
                barrier.toBuffer().getBytes());
        return stream.initTransactions()
                .compose(fenced -> {
                    Failpoint.pass("replay.fenced");
                    return stream.beginTransaction();
                })
                .compose(begun -> stream.send(record))
                .compose(sent -> stream.commitTransaction().map(sent.offset()))
                .timeout(OPEN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Future<List<Sent>> send(List<Outgoing> batch) {
        return stream.beginTransaction()
                .recover(TransactionalSender::doubt)
                .compose(begun -> {
                    Failpoint.pass("replay.begun");
                    return write(batch);
                })
                .compose(sent -> commit().map(sent))
                .timeout(SEND_SECONDS, TimeUnit.SECONDS)
                .recover(
                        failure -> failure instanceof AbortedException ? Future.failedFuture(failure) : doubt(failure));
    }

    private Future<List<Sent>> write(List<Outgoing> batch) {
        return answers(batch.stream().map(Outgoing::record).toList())
                .compose(answers -> written(answers)
                        .compose(targets -> {
                            Failpoint.pass("replay.target-sent");
                            return receipts(batch, targets);
                        })
                        .recover(refused -> refused instanceof DoubtException
                                ? Future.failedFuture(refused)
                                : abort(refused, copies(batch, answers))));
    }

    private Future<List<Sent>> receipts(List<Outgoing> batch, List<RecordMetadata> targets) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < batch.size(); i++) {
            records.add(receipt(batch.get(i).claim(), targets.get(i)));
        }
        // A receipt that is refused is no fault of the record it is for: the lane has to look to itself.
        return answers(records)
                .compose(TransactionalSender::written)
                .map(written -> together(batch, targets, written))
                .recover(TransactionalSender::doubt);
    }

    /** Only when every receipt is written: a commit that overtook one would leave a record without its proof. */
    private Future<Void> commit() {
        Failpoint.pass("replay.receipts-sent");
        var committed = stream.commitTransaction();
        Failpoint.pass("replay.commit-asked");
        Failpoint.pass("replay.commit-under-way");
        return committed.onSuccess(done -> Failpoint.pass("replay.committed"));
    }

    /** What Kafka said to a record: where it lies, or why not. */
    private record Answer(
            @Nullable RecordMetadata place, @Nullable Throwable failure) {}

    /**
     * All of them on one visit of a worker, because a visit and a way back for each record cost more than the record. Nobody
     * adds to what is sent here, so it need not linger; who flushes waits for every answer.
     *
     * @return one for each record, in order: an abort has to wait for every answer
     */
    private Future<List<Answer>> answers(List<ProducerRecord<byte[], byte[]>> records) {
        var producer = stream.unwrap();
        return vertx.executeBlocking(() -> {
            var asked = records.stream().map(record -> ask(producer, record)).toList();
            producer.flush();
            return asked.stream().map(TransactionalSender::now).toList();
        });
    }

    private static CompletableFuture<Answer> ask(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        var answer = new CompletableFuture<Answer>();
        try {
            producer.send(
                    record,
                    (place, refused) ->
                            answer.complete(refused == null ? new Answer(place, null) : new Answer(null, refused)));
        } catch (RuntimeException refused) {
            answer.complete(new Answer(null, refused));
        }
        return answer;
    }

    private static Answer now(CompletableFuture<Answer> asked) {
        var answer = asked.getNow(null);
        if (answer == null) {
            throw new IllegalStateException("Kafka's producer was flushed and did not answer");
        }
        return answer;
    }

    /** @return where they lie; fails with what the first of them that was refused was refused for */
    private static Future<List<RecordMetadata>> written(List<Answer> answers) {
        var places = new ArrayList<RecordMetadata>();
        for (var answer : answers) {
            if (answer.failure() != null) {
                return Future.failedFuture(answer.failure());
            }
            places.add(Objects.requireNonNull(answer.place()));
        }
        return Future.succeededFuture(List.copyOf(places));
    }

    private static List<Copy> copies(List<Outgoing> batch, List<Answer> answers) {
        var copies = new ArrayList<Copy>();
        for (int i = 0; i < batch.size(); i++) {
            var place = answers.get(i).place();
            if (place != null) {
                copies.add(new Copy(batch.get(i).claim().id(), place.partition(), place.offset()));
            }
        }
        return copies;
    }

    /** Once Kafka has confirmed the abort nothing of the batch can be committed, and who is to blame may be asked. */
    private <T> Future<T> abort(Throwable refused, List<Copy> copies) {
        return stream.abortTransaction()
                .compose(
                        aborted -> Future.<T>failedFuture(new AbortedException(refused, copies)),
                        TransactionalSender::doubt);
    }

    private static <T> Future<T> doubt(Throwable failure) {
        return Future.failedFuture(failure instanceof DoubtException ? failure : new DoubtException(failure));
    }

    private ProducerRecord<byte[], byte[]> receipt(Claim claim, RecordMetadata sent) {
        var target = new Receipt.Target(claim.topic(), claim.topicId(), sent.partition(), sent.offset());
        var receipt = new Receipt(
                lane.install(),
                fence,
                claim.id(),
                claim.attempt(),
                claim.position(),
                target,
                claim.contentHash(),
                claim.jobId());
        return new ProducerRecord<>(
                Receipts.TOPIC,
                lane.lane(),
                clock.now(),
                claim.id().toString().getBytes(StandardCharsets.UTF_8),
                receipt.encode().getBytes());
    }

    private static List<Sent> together(
            List<Outgoing> batch, List<RecordMetadata> targets, List<RecordMetadata> receipts) {
        var sent = new ArrayList<Sent>();
        for (int i = 0; i < batch.size(); i++) {
            var target = targets.get(i);
            sent.add(new Sent(
                    batch.get(i),
                    target.partition(),
                    target.offset(),
                    receipts.get(i).offset()));
        }
        return List.copyOf(sent);
    }

    /** At once: an open transaction is aborted by the next owner's fence, or by its timeout. */
    @Override
    public Future<Void> close() {
        return Sender.giveUp(vertx, stream.unwrap());
    }
}
