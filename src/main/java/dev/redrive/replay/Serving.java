package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.replay.Preflight.Refusal;
import dev.redrive.replay.Sender.AbortedException;
import dev.redrive.replay.Sender.Sent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane that may send. While one batch is in Kafka's hands the next one is claimed and checked, and the one before it is
 * settled; what goes to Kafka stays one batch after the other, and so do the settlements, because each says up to where
 * the receipts need not be read again. Used on one event loop.
 */
final class Serving {

    private static final Logger log = LoggerFactory.getLogger(Serving.class);

    /** A topic may be deleted and created again, so what was checked longer ago is checked again before it is sent. */
    private static final Duration MOST_AGE = Duration.ofSeconds(1);

    /** Where Kafka refuses one record of a batch, the batch goes in parts of so many before one goes alone. */
    private static final int PART = 20;

    private final LaneId id;
    private final TargetTopics topics;
    private final LaneStores stores;
    private final Preflight preflight;
    private final Sender sender;
    private final long fence;
    private final Mode mode;
    private final Deque<List<Claim>> claimed = new ArrayDeque<>();
    private final Resting resting = new Resting();

    private @Nullable Future<Prepared> next;
    private Future<Void> settled = Future.succeededFuture();

    Serving(LaneId id, TargetTopics topics, LaneStores stores, Sender sender, long fence, Mode mode) {
        this.id = id;
        this.topics = topics;
        this.stores = stores;
        this.preflight = new Preflight(topics);
        this.sender = sender;
        this.fence = fence;
        this.mode = mode;
    }

    /** @param claims how many it was made of; 0 where nothing was due */
    private record Prepared(List<Outgoing> batch, int claims, long bytes, long at) {
        boolean isOld() {
            return System.nanoTime() - at > MOST_AGE.toNanos();
        }
    }

    long fence() {
        return fence;
    }

    Mode mode() {
        return mode;
    }

    /** Sends one batch. @return whether there may be more; fails after a doubt */
    Future<Boolean> turn() {
        return upcoming().compose(found -> found.claims() > 0 ? turn(found, true) : settled.map(false));
    }

    /** What was found while the last batch was sent is not looked for again, but that there was nothing is. */
    private Future<Prepared> upcoming() {
        var ready = next;
        next = null;
        return ready == null ? prepare() : ready.compose(found -> found.claims() == 0 ? prepare() : fresh(found));
    }

    private Future<Prepared> fresh(Prepared found) {
        if (found.batch().isEmpty() || !found.isOld()) {
            return Future.succeededFuture(found);
        }
        claimed.addFirst(found.batch().stream().map(Outgoing::claim).toList());
        return prepareClaimed();
    }

    private Future<Boolean> turn(Prepared found, boolean goOn) {
        // Without transactions a place that was noted ahead would count as a possible duplicate after a crash.
        if (goOn && mode.isTransactional() && found.bytes() <= Batches.MOST_BYTES) {
            next = prepare();
        }
        return (found.batch().isEmpty() ? Future.<Void>succeededFuture() : send(found.batch())).map(true);
    }

    /** Sends what was claimed, and claims nothing more. */
    Future<Void> finish() {
        var ready = next;
        next = null;
        if (ready == null && claimed.isEmpty()) {
            return settled;
        }
        return (ready == null ? prepareClaimed() : ready.compose(this::fresh))
                .compose(found -> found.claims() > 0 ? turn(found, false) : Future.succeededFuture(true))
                .compose(sent -> finish());
    }

    private Future<Prepared> prepare() {
        if (!claimed.isEmpty()) {
            return prepareClaimed();
        }
        return stores.sending().claim(id, fence, mode).compose(claims -> {
            if (claims.isEmpty()) {
                return Future.succeededFuture(new Prepared(List.of(), 0, 0, System.nanoTime()));
            }
            Failpoint.pass("replay.claimed");
            claimed.addAll(Batches.of(claims, mode));
            return prepareClaimed();
        });
    }

    private Future<Prepared> prepareClaimed() {
        var claims = claimed.remove();
        long bytes = claims.stream().mapToLong(Claim::size).sum();
        long asked = System.nanoTime();
        var topicsNow = preflight.topics(claims);
        return stores.contents()
                .load(claims)
                .compose(loaded -> topicsNow.map(known -> Preflight.check(loaded, known)))
                .compose(checked -> stores.sending()
                        .fail(fence, checked.refused())
                        .compose(failed ->
                                checked.ready().isEmpty() ? Future.<Void>succeededFuture() : place(checked.ready()))
                        .map(placed -> new Prepared(checked.ready(), claims.size(), bytes, asked)));
    }

    private Future<Void> place(List<Outgoing> batch) {
        Failpoint.pass("replay.checked");
        var places = batch.stream().map(Outgoing::place).distinct().toList();
        return topics.ends(places)
                .compose(ends -> stores.sending().place(fence, batch, each -> ends.getOrDefault(each.place(), 0L)));
    }

    /** What would overtake a record that Kafka could not take is put off before the others go. */
    private Future<Void> send(List<Outgoing> batch) {
        var going = new ArrayList<Outgoing>();
        var waiting = new HashMap<UUID, List<Outgoing>>();
        batch.forEach(one -> waiting(one, waiting).orElse(going).add(one));
        return putOff(waiting).compose(put -> going.isEmpty() ? Future.succeededFuture() : sendNow(going));
    }

    /** The list of those that wait for the same replay; none where it waits for nobody. */
    private Optional<List<Outgoing>> waiting(Outgoing one, Map<UUID, List<Outgoing>> waiting) {
        return Optional.ofNullable(resting.waitsFor(one))
                .map(first -> waiting.computeIfAbsent(first, none -> new ArrayList<>()));
    }

    private Future<Void> sendNow(List<Outgoing> batch) {
        return hand(batch)
                .recover(failure -> !(failure instanceof AbortedException aborted)
                        ? Future.failedFuture(failure)
                        : isolate(batch, aborted));
    }

    private Future<Void> isolate(List<Outgoing> batch, AbortedException aborted) {
        if (!Refusals.isFinal(aborted)) {
            return oneByOne(batch);
        }
        return batch.size() == 1 ? fail(batch.get(0), aborted) : batch.size() > PART ? inParts(batch) : oneByOne(batch);
    }

    /** Most parts are without the record that was refused, and go as a whole. */
    private Future<Void> inParts(List<Outgoing> batch) {
        Future<Void> parts = Future.succeededFuture();
        for (int from = 0; from < batch.size(); from += PART) {
            var part = List.copyOf(batch.subList(from, Math.min(from + PART, batch.size())));
            parts = parts.compose(before -> send(part));
        }
        return parts;
    }

    /**
     * Done when the batch is in Kafka and the one before it is settled; its own settlement goes on. Fails with {@link
     * AbortedException} when nothing of it was committed.
     */
    private Future<Void> hand(List<Outgoing> batch) {
        Failpoint.pass("replay.placed");
        var before = settled;
        long handed = System.nanoTime();
        return sender.send(batch)
                .compose(
                        sent -> before.<Void>map(done -> {
                            settled = settle(sent, handed);
                            return null;
                        }),
                        failure -> failure instanceof AbortedException aborted
                                ? before.compose(done -> stores.copies().aborted(aborted.copies()))
                                        .compose(reported -> Future.failedFuture(aborted))
                                : Future.failedFuture(failure));
    }

    private Future<Void> settle(List<Sent> sent, long handed) {
        return stores.sending().settle(id, fence, sent, handed).onSuccess(done -> Failpoint.pass("replay.settled"));
    }

    /** A refused record aborts only itself, and what it puts off is for its partition: the others go one by one. */
    private Future<Void> oneByOne(List<Outgoing> batch) {
        var waiting = new HashMap<UUID, List<Outgoing>>();
        Future<Void> singles = Future.succeededFuture();
        for (var one : batch) {
            singles = singles.compose(before -> {
                var behind = waiting(one, waiting);
                behind.ifPresent(list -> list.add(one));
                return behind.isPresent() ? Future.succeededFuture() : alone(one);
            });
        }
        return singles.compose(tried -> putOff(waiting));
    }

    /** A second time at once, because what was in the way of the batch, such as a leader that moved, is mostly over. */
    private Future<Void> alone(Outgoing one) {
        return hand(List.of(one))
                .recover(first -> first instanceof AbortedException aborted && !Refusals.isFinal(aborted)
                        ? hand(List.of(one))
                        : Future.failedFuture(first))
                .recover(failure -> !(failure instanceof AbortedException aborted)
                        ? Future.failedFuture(failure)
                        : Refusals.isFinal(aborted) ? fail(one, aborted) : rest(one, aborted));
    }

    private Future<Void> rest(Outgoing one, AbortedException aborted) {
        resting.begin(one);
        return stores.sending().tryLater(fence, List.of(one), reason(one, aborted));
    }

    private Future<Void> putOff(Map<UUID, List<Outgoing>> waiting) {
        return Future.all(waiting.entrySet().stream()
                        .map(each -> stores.sending().tryWith(each.getKey(), fence, each.getValue()))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> fail(Outgoing one, AbortedException aborted) {
        return stores.sending().fail(fence, List.of(new Refusal(one.claim().id(), reason(one, aborted))));
    }

    private static String reason(Outgoing one, AbortedException aborted) {
        log.warn("Replay {} was refused by Kafka", one.claim().id(), aborted.getCause());
        return "Kafka refused the record: " + aborted.getMessage();
    }

    /** Gives up what is in hand: its rows stay in {@code sending} for the next owner. Fails never. */
    Future<Void> close() {
        var ready = next;
        var inHand = Future.join(settled, ready == null ? Future.succeededFuture() : ready);
        return sender.close().transform(closed -> inHand).transform(ended -> Future.succeededFuture());
    }
}
