package dev.redrive.ingest;

import dev.redrive.Backoff;
import dev.redrive.Failpoint;
import dev.redrive.Progress;
import dev.redrive.ingest.Binding.State;
import dev.redrive.ingest.PositionStore.Displaced;
import dev.redrive.kafka.KafkaClients;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies dead letters from Kafka to Postgres. One loop polls and never waits for Postgres: while too much is unstored
 * the partitions are paused yet polled, because a member that does not poll is thrown out of its group. What was
 * taken is written beside it, one batch after the other. docs/ingest.md tells what is committed when.
 */
final class IngestVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(IngestVerticle.class);

    private static final Duration IDLE_POLL = Duration.ofMillis(250);

    /** Short, because the next write may make room at any time. */
    private static final Duration BUSY_POLL = Duration.ofMillis(10);

    private static final int BATCH_RECORDS = 500;
    private static final long BATCH_BYTES = 4L << 20;
    private static final long NO_TOPICS_MILLIS = 250;
    private static final long LAST_WRITE_SECONDS = 4;

    private final KafkaClients clients;
    private final TopicList topics;
    private final ClusterTopics cluster;
    private final BatchWriter writer;
    private final IngestStatus status;
    private final Progress.Loop progress;
    private final Backlog backlog = new Backlog();
    private final Opening opening;
    private final Promise<Void> stopped = Promise.promise();
    private final Set<TopicPartition> flowing = new HashSet<>();
    private final RefusedTopics refused = new RefusedTopics();

    private Bindings bindings;
    private KafkaCommits commits;
    private Rewinds rewinds;
    private @Nullable GroupMember member;
    private Set<String> subscribed = Set.of();
    private Future<?> writing = Future.succeededFuture();
    private final Backoff backoff = new Backoff();
    private boolean stopping;

    @SuppressWarnings("NullAway.Init") // what needs vertx is made in start(), which Vert.x calls first
    IngestVerticle(
            KafkaClients clients,
            TopicList topics,
            ClusterTopics cluster,
            Opening opening,
            BatchWriter writer,
            IngestStatus status,
            Progress.Loop progress) {
        this.clients = clients;
        this.topics = topics;
        this.cluster = cluster;
        this.opening = opening;
        this.writer = writer;
        this.status = status;
        this.progress = progress;
    }

    /** Done at once; Kafka may come later. */
    @Override
    public Future<?> start() {
        bindings = new Bindings(vertx, opening, backlog);
        commits = new KafkaCommits(cluster, bindings);
        rewinds = new Rewinds(topics, opening, bindings);
        turn();
        return Future.succeededFuture();
    }

    /** Lets the batch in hand finish, or gives it back, and leaves the group; 10 s at most. */
    @Override
    public Future<?> stop() {
        stopping = true;
        return stopped.future()
                .eventually(() ->
                        writing.timeout(LAST_WRITE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty())
                .eventually(() -> member == null ? Future.succeededFuture() : leave(member))
                .onComplete(left -> progress.ended())
                .otherwiseEmpty();
    }

    private Future<Void> leave(GroupMember leaving) {
        writer.stop();
        return commits.commit(leaving)
                .timeout(2, TimeUnit.SECONDS)
                .otherwiseEmpty()
                .eventually(leaving::close);
    }

    /** Chained with onComplete and not compose, because an endless chain of composed futures is a leak. */
    private void turn() {
        if (stopping) {
            stopped.complete();
            return;
        }
        joined().compose(this::turn)
                .onSuccess(done -> turned())
                .recover(this::backOff)
                .onComplete(done -> turn());
    }

    /** Polling alone is no progress: what was polled must also be stored, and then the write says so. */
    private void turned() {
        backoff.over();
        if (backlog.isEmpty()) {
            progress.turned();
        }
    }

    private Future<GroupMember> joined() {
        return member != null
                ? Future.succeededFuture(member)
                : GroupMember.open(vertx, clients, partitions()).onSuccess(opened -> member = opened);
    }

    private GroupMember.Partitions partitions() {
        return new GroupMember.Partitions() {
            @Override
            public void assigned(Collection<TopicPartition> partitions) {
                flowing.removeAll(partitions);
                bindings.assigned(partitions);
            }

            @Override
            public void revoked(Collection<TopicPartition> partitions) {
                flowing.removeAll(partitions);
                status.gone(partitions);
                bindings.revoked(partitions);
            }
        };
    }

    private Future<Void> turn(GroupMember group) {
        return resubscribe(group)
                .compose(subscribed -> writing.isComplete() ? rewinds.follow() : Future.succeededFuture())
                .compose(followed -> seek(group))
                .compose(sought -> flow(group))
                .compose(flowing -> poll(group))
                .compose(this::take)
                .onSuccess(taken -> passOver())
                .compose(taken -> commits.commitWhenDue(group));
    }

    private Future<Void> resubscribe(GroupMember group) {
        var wanted = topics.current();
        if (wanted.equals(subscribed)) {
            return Future.succeededFuture();
        }
        log.info("Reading {} topics: {}", wanted.size(), wanted);
        return group.subscribe(wanted).onSuccess(done -> {
            subscribed = wanted;
            if (wanted.isEmpty()) {
                flowing.clear();
                bindings.revoked(bindings.assigned());
            }
        });
    }

    private Future<Void> seek(GroupMember group) {
        bindings.reopenLost();
        Future<Void> sought = Future.succeededFuture();
        for (var binding : bindings.in(State.TO_SEEK)) {
            sought = sought.compose(before -> group.seek(binding.partition(), binding.taken(), binding.takenEpoch())
                    .onSuccess(done -> binding.state(State.READING)));
        }
        return sought;
    }

    /** Pauses and resumes what changed since the last turn. */
    private Future<Void> flow(GroupMember group) {
        var left = new HashSet<>(topics.paused());
        left.addAll(refused.now());
        Set<TopicPartition> wanted = backlog.isFull() ? Set.of() : bindings.reading(left);
        var pause = new HashSet<>(flowing);
        pause.removeAll(wanted);
        pause.retainAll(bindings.assigned());
        var resume = new HashSet<>(wanted);
        resume.removeAll(flowing);
        return group.pause(pause).compose(paused -> group.resume(resume)).onSuccess(done -> {
            flowing.clear();
            flowing.addAll(wanted);
            status.flow(bindings.assigned(), wanted, backlog);
            status.refuses(backlog, refused.now());
        });
    }

    private Future<@Nullable ConsumerRecords<byte[], byte[]>> poll(GroupMember group) {
        if (subscribed.isEmpty()) {
            return vertx.timer(NO_TOPICS_MILLIS).map(nothing -> null);
        }
        return group.poll(backlog.isEmpty() ? IDLE_POLL : BUSY_POLL).map(records -> records);
    }

    private Future<Void> take(@Nullable ConsumerRecords<byte[], byte[]> records) {
        if (records == null || records.isEmpty() && records.nextOffsets().isEmpty()) {
            return Future.succeededFuture();
        }
        Failpoint.pass("ingest.polled");
        var names = new HashSet<String>();
        records.nextOffsets().keySet().forEach(partition -> names.add(partition.topic()));
        records.partitions().forEach(partition -> names.add(partition.topic()));
        return cluster.ids(names).map(ids -> {
            bindings.take(records, ids);
            writeNext();
            return null;
        });
    }

    /** One batch at a time, so that positions move in order. */
    private void writeNext() {
        if (!writing.isComplete() || !backlog.hasWaiting() || stopping) {
            return;
        }
        var batch = backlog.take(BATCH_RECORDS, BATCH_BYTES);
        writing = writer.write(batch).onComplete(written -> {
            backlog.done(batch);
            if (written.succeeded()) {
                Failpoint.pass("ingest.stored");
                written.result().forEach(this::goThere);
                commits.stored(batch);
                progress.turned();
            }
        });
        writing.onComplete(written -> vertx.runOnContext(next -> writeNext()));
    }

    private void passOver() {
        var passed = writing.isComplete() && !stopping ? rewinds.passed() : List.<Binding>of();
        if (!passed.isEmpty()) {
            writing = writer.passOver(passed).onSuccess(displaced -> displaced.forEach(this::goThere));
            writing.onComplete(written -> vertx.runOnContext(next -> writeNext()));
        }
    }

    private void goThere(Displaced displaced) {
        var binding = displaced.move().binding();
        log.warn("The position of {} is {} and not ours; going there", binding.partition(), displaced.stored());
        backlog.drop(binding);
        binding.restartAt(displaced.stored().next(), displaced.stored().epoch());
    }

    /** What was polled in a turn that failed is not taken, so the consumer goes back to where we stand. */
    private Future<Void> backOff(Throwable failure) {
        bindings.seekAgain();
        if (failure instanceof OffsetOutOfRangeException outOfRange) {
            bindings.lostPlace(outOfRange);
            return Future.succeededFuture();
        }
        if (failure instanceof TopicAuthorizationException unauthorized) {
            refused.add(unauthorized.unauthorizedTopics());
            status.refuses(backlog, refused.now());
            log.warn("No right to read {}; looking again in {}", refused.now(), RefusedTopics.PAUSE);
            return vertx.timer(NO_TOPICS_MILLIS).mapEmpty();
        }
        long millis = backoff.next().toMillis();
        log.warn("Reading failed with {} letters unstored, next try in {} ms", backlog.records(), millis, failure);
        return vertx.timer(millis).mapEmpty();
    }
}
