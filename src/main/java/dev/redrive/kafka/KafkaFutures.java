package dev.redrive.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.apache.kafka.common.KafkaFuture;

/** From the futures of Kafka's admin client, which complete on its own thread, to those of the caller's context. */
public final class KafkaFutures {

    private KafkaFutures() {}

    /** Called on a context the result comes back on it; elsewhere it comes on Kafka's thread. */
    public static <T> Future<T> future(KafkaFuture<T> answer) {
        var context = Vertx.currentContext();
        var stage = answer.toCompletionStage();
        return context == null ? Future.fromCompletionStage(stage) : Future.fromCompletionStage(stage, context);
    }
}
