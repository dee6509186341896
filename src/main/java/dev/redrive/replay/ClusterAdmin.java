package dev.redrive.replay;

import dev.redrive.kafka.AdminOnDemand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/**
 * The admin clients of one cluster with answers as futures. Several, because each of them asks a broker one question at a
 * time, and all lanes together ask three for each batch: over a slow network that would be their limit. Safe from any
 * thread; every call times out by the client's own settings.
 */
final class ClusterAdmin {

    private final Vertx vertx;
    private final List<AdminOnDemand> admins;
    private final AtomicInteger asked = new AtomicInteger();

    /** @param admins closed with this */
    ClusterAdmin(Vertx vertx, List<AdminOnDemand> admins) {
        this.vertx = vertx;
        this.admins = List.copyOf(admins);
    }

    private AdminOnDemand next() {
        return admins.get(Math.floorMod(asked.getAndIncrement(), admins.size()));
    }

    /** Completes on the caller's context; fails with Kafka's own exception, unwrapped. */
    <T> Future<T> answer(Function<Admin, KafkaFuture<T>> question) {
        return next().ask(client -> answer(question.apply(client)))
                .recover(failure -> Future.failedFuture(unwrapped(failure)));
    }

    private <T> Future<T> answer(KafkaFuture<T> answer) {
        return Future.fromCompletionStage(answer.toCompletionStage(), vertx.getOrCreateContext())
                .recover(failure -> Future.failedFuture(unwrapped(failure)));
    }

    /**
     * The answers that came, by what was asked for.
     *
     * @param isAbsence failures that only mean "there is none", or "not for you"; any other one fails the whole
     */
    <K, V> Future<Map<K, V>> answers(Function<Admin, Map<K, KafkaFuture<V>>> question, Predicate<Throwable> isAbsence) {
        return next().ask(client -> answers(question.apply(client), isAbsence))
                .recover(failure -> Future.failedFuture(unwrapped(failure)));
    }

    private <K, V> Future<Map<K, V>> answers(Map<K, KafkaFuture<V>> asked, Predicate<Throwable> isAbsence) {
        var found = new HashMap<K, V>();
        var all = asked.entrySet().stream()
                .map(entry -> answer(entry.getValue())
                        .<Void>map(value -> {
                            found.put(entry.getKey(), value);
                            return null;
                        })
                        .recover(failure ->
                                isAbsence.test(failure) ? Future.succeededFuture() : Future.failedFuture(failure)))
                .toList();
        return Future.join(all).map(answered -> Map.copyOf(found));
    }

    Future<Void> close() {
        return Future.join(admins.stream().map(AdminOnDemand::close).toList()).mapEmpty();
    }

    static Throwable unwrapped(Throwable failure) {
        var cause = failure.getCause();
        boolean wrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapper && cause != null ? cause : failure;
    }
}
