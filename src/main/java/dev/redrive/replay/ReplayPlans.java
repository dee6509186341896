package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a replay would send, and where. Changes nothing. */
final class ReplayPlans {

    private static final Logger log = LoggerFactory.getLogger(ReplayPlans.class);
    private static final long KAFKA_SECONDS = 10;

    private final Pool pool;
    private final CandidateStore candidates;
    private final DraftStore drafts;
    private final Map<String, TargetCluster> clusters;

    /** @param clusters by the name of the settings */
    ReplayPlans(Pool pool, Map<String, TargetCluster> clusters) {
        this.pool = pool;
        this.candidates = new CandidateStore(pool);
        this.drafts = new DraftStore(pool);
        this.clusters = Map.copyOf(clusters);
    }

    /** Fails where the letter or the draft is not there, or Kafka does not answer. */
    Future<ReplayPlan> plan(ReplayAsk ask) {
        return candidate(ask.letterId())
                .compose(letter -> ask.strict() ? provable(letter).map(letter) : Future.succeededFuture(letter))
                .compose(letter -> plan(ask, letter));
    }

    /** The cluster may have transactions and not let us use them; that a lane has found out. */
    private Future<Void> provable(Candidate letter) {
        return answered(cluster(letter).mode())
                .compose(mode -> mode == Mode.STRICT
                        ? LaneStore.weakest(pool, letter.clusterId())
                        : Future.succeededFuture(Optional.of(mode)))
                .map(weaker -> {
                    weaker.ifPresent(mode -> {
                        throw RefusedException.invalidField(
                                ProblemCode.UNPROCESSABLE,
                                "/proof",
                                letter.cluster() + " gives no strict proof, only " + mode.said());
                    });
                    return null;
                });
    }

    private Future<ReplayPlan> plan(ReplayAsk ask, Candidate letter) {
        return switch (ask.source()) {
            case ORIGINAL -> original(letter).compose(content -> plan(ask, letter, null, content));
            case DRAFT -> draft(ask).compose(draft -> plan(ask, letter, draft, draft.content()));
            case TRANSFORM ->
                Future.failedFuture(RefusedException.invalidField(
                        ProblemCode.UNPROCESSABLE, "/source", "Only a job sends what its program made"));
            case ORIGIN_RECORD -> fetch(letter).compose(record -> plan(ask, letter, null, record.content()));
            case RECEIPT -> throw new IllegalArgumentException("Nobody can ask for what only a receipt knows");
        };
    }

    Future<Candidate> candidate(long letterId) {
        return candidates
                .find(letterId)
                .map(found ->
                        found.orElseThrow(() -> RefusedException.notFound("There is no dead letter " + letterId)));
    }

    /** @return what a replay sends if nobody edited it; null where there is nothing that may be sent */
    Future<@Nullable Content> original(Candidate letter) {
        if (!letter.replayable()) {
            return Future.succeededFuture();
        }
        return LetterContentStore.content(pool, letter.id())
                .map(found -> found.map(ReplayContents::sendable).orElse(null));
    }

    private Future<Draft> draft(ReplayAsk ask) {
        return drafts.current(ask.letterId()).map(found -> {
            var draft = found.orElseThrow(() ->
                    RefusedException.invalidField(ProblemCode.UNPROCESSABLE, "/source", "The letter has no draft"));
            if (ask.draftVersion() != null && ask.draftVersion() != draft.version()) {
                throw new RefusedException(
                        ProblemCode.PRECONDITION_FAILED,
                        "The draft has been saved again since version " + ask.draftVersion(),
                        new JsonObject().put("current", "\"v" + draft.version() + "\""));
            }
            return draft;
        });
    }

    private Future<ReplayPlan> plan(ReplayAsk ask, Candidate letter, @Nullable Draft draft, @Nullable Content content) {
        var target = target(ask, draft);
        var topic = target.topic() == null ? letter.originTopic() : target.topic();
        var found =
                topic == null ? Future.succeededFuture(Optional.<TargetTopics.Topic>empty()) : describe(letter, topic);
        var isRead = topic == null ? Future.succeededFuture(false) : candidates.isRead(letter.clusterId(), topic);
        return Future.all(found, isRead)
                .map(known -> new ReplayPlan(
                        letter,
                        ask.source(),
                        draft,
                        content,
                        content == null ? null : ContentCodec.hash(content),
                        target,
                        topic,
                        found.result().orElse(null),
                        isRead.result()));
    }

    private static Target target(ReplayAsk ask, @Nullable Draft draft) {
        if (ask.target() != null) {
            return ask.target();
        }
        return draft == null ? Target.ORIGIN : draft.target();
    }

    private Future<Optional<TargetTopics.Topic>> describe(Candidate letter, String topic) {
        return answered(cluster(letter).topics().describe(Set.of(topic)))
                .map(topics -> Optional.ofNullable(topics.get(topic)));
    }

    /** The record that failed, as it still lies in Kafka. */
    Future<SourceRecords.SourceRecord> fetch(Candidate letter) {
        if (letter.status() == Status.PURGED) {
            // Who had its bytes taken away does not want them back.
            return Future.failedFuture(
                    new RefusedException(ProblemCode.GONE, "The letter was purged; its record is not fetched again"));
        }
        var topic = letter.originTopic();
        var partition = letter.originPartition();
        var offset = letter.originOffset();
        if (topic == null || partition == null || offset == null) {
            return Future.failedFuture(
                    RefusedException.conflict("The letter does not say where its origin record lies", List.of()));
        }
        return describe(letter, topic).compose(found -> {
            if (found.isEmpty() || found.get().partitions() <= partition) {
                throw new RefusedException(ProblemCode.GONE, "There is no partition " + partition + " of " + topic);
            }
            return answered(cluster(letter).sources().fetch(topic, partition, offset));
        });
    }

    TargetCluster cluster(Candidate letter) {
        var cluster = clusters.get(letter.cluster());
        if (cluster == null) {
            throw new RefusedException(
                    ProblemCode.KAFKA_UNAVAILABLE, "The settings name no cluster " + letter.cluster() + " any more");
        }
        return cluster;
    }

    CandidateStore candidates() {
        return candidates;
    }

    /** An outage of Kafka is its own problem and never a fault of ours. */
    static <T> Future<T> answered(Future<T> question) {
        return question.timeout(KAFKA_SECONDS, TimeUnit.SECONDS).recover(failure -> {
            if (failure instanceof RefusedException) {
                return Future.failedFuture(failure);
            }
            log.warn("Kafka did not answer: {}", failure.toString());
            return Future.failedFuture(new RefusedException(ProblemCode.KAFKA_UNAVAILABLE, "Kafka does not answer"));
        });
    }
}
