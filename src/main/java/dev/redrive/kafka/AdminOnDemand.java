package dev.redrive.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The admin client of one cluster, made when the first question is asked and on a worker: it looks up the brokers' names
 * while it is made, and while none of them is known there is no client. Then the question fails, and the next one tries
 * again. Safe from any thread.
 */
public final class AdminOnDemand {

    private final Vertx vertx;
    private final KafkaClients clients;
    private @Nullable Future<Admin> made;
    private boolean closed;

    public AdminOnDemand(Vertx vertx, KafkaClients clients) {
        this.vertx = vertx;
        this.clients = clients;
    }

    /**
     * @param question called on the caller's context; what it throws fails the answer
     * @return fails with {@link org.apache.kafka.common.errors.NetworkException} while no broker's name is known
     */
    public <T> Future<T> ask(Function<Admin, Future<T>> question) {
        var client = client();
        // A future of another caller would bring its answer on that one's context.
        var ours = client.succeeded()
                ? Future.succeededFuture(client.result())
                : Future.fromCompletionStage(client.toCompletionStage(), vertx.getOrCreateContext());
        return ours.compose(question);
    }

    private synchronized Future<Admin> client() {
        if (closed) {
            return Future.failedFuture("The admin client is closed");
        }
        var last = made;
        if (last == null || last.failed()) {
            last = vertx.executeBlocking(clients::admin, false);
            made = last;
        }
        return last;
    }

    /** Waits for calls in hand, a second at most. Who asks after this gets no answer. */
    public Future<Void> close() {
        var last = endWith();
        if (last == null) {
            return Future.succeededFuture();
        }
        var closing = last.compose(client -> vertx.<Void>executeBlocking(
                        () -> {
                            client.close(Duration.ofSeconds(1));
                            return null;
                        },
                        false))
                .otherwiseEmpty();
        // A name server may keep silent for long, and nobody who stops waits for it.
        return last.isComplete() ? closing : Future.succeededFuture();
    }

    private synchronized @Nullable Future<Admin> endWith() {
        closed = true;
        return made;
    }
}
