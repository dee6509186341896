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
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

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
        var sends = sends(batch.stream().map(Outgoing::record).toList());
        return written(sends)
                .compose(targets -> {
                    Failpoint.pass("replay.target-sent");
                    return receipts(batch, targets);
                })
                .recover(refused -> refused instanceof DoubtException
                        ? Future.failedFuture(refused)
                        : abort(refused, copies(batch, sends)));
    }

    private Future<List<Sent>> receipts(List<Outgoing> batch, List<RecordMetadata> targets) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < batch.size(); i++) {
            records.add(receipt(batch.get(i).claim(), targets.get(i)));
        }
        // A receipt that is refused is no fault of the record it is for: the lane has to look to itself.
        return written(sends(records))
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

    /** Nobody adds to what is sent here, so it need not linger. */
    private List<Future<RecordMetadata>> sends(List<ProducerRecord<byte[], byte[]>> records) {
        var sends = records.stream().map(stream::send).toList();
        stream.flush();
        return sends;
    }

    /** join and not all: an abort has to wait for every answer. */
    private static Future<List<RecordMetadata>> written(List<Future<RecordMetadata>> sends) {
        return Future.join(sends).map(sent -> sends.stream().map(Future::result).toList());
    }

    private static List<Copy> copies(List<Outgoing> batch, List<Future<RecordMetadata>> sends) {
        var copies = new ArrayList<Copy>();
        for (int i = 0; i < batch.size(); i++) {
            if (sends.get(i).succeeded()) {
                var place = sends.get(i).result();
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
